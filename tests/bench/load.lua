-- Counts for wrk how many answers are whole pages, and prints the measure as one line of JSON.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  least, wrong = tonumber(arguments[1]), 0
end

function response(status, headers, body)
  if status ~= 200 or #body < least then
    wrong = wrong + 1
  end
end

function done(summary, latency)
  local errors = summary.errors
  local bad = errors.connect + errors.read + errors.write + errors.timeout
  for _, thread in ipairs(threads) do
    bad = bad + thread:get("wrong")
  end
  io.write(string.format(
    '{"answers": %d, "wrong": %d, "seconds": %f, "p50": %f, "p95": %f, "p99": %f}\n',
    summary.requests, bad, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3
  ))
end
