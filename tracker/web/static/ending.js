// Warns before a sign-in ends, and takes the page off an unattended screen when it has ended.
//
// What is typed is never kept in the browser: a form that is half filled in is sent when the sign-in has ended. It
// carries a mark by which the service records nothing of it, keeps it for whoever typed it, and gives it back.

const WARNED_BEFORE = 120
const LOOKED_EVERY = 1000

export function watchEnding (banner) {
  const moment = (seconds) => Date.now() + Number(seconds) * 1000
  const lastsUntil = moment(banner.dataset.lasts)
  let restsUntil = moment(banner.dataset.rests)
  let shown = ''
  // Whoever works in one window is signed in in all of them.
  const others = 'BroadcastChannel' in window ? new BroadcastChannel('still-here') : null
  others?.postMessage(restsUntil)
  others?.addEventListener('message', (said) => { restsUntil = Math.max(restsUntil, Number(said.data) || 0) })

  const look = () => {
    const end = Math.min(restsUntil, lastsUntil)
    if (Date.now() >= end + LOOKED_EVERY) {
      clearInterval(ticking)
      leave()
    } else {
      show(banner, end - Date.now() > WARNED_BEFORE * 1000 ? '' : lastsUntil <= restsUntil ? 'lasts' : 'rests')
    }
  }

  function show (banner, which) {
    if (which === shown) return
    shown = which
    // Read aloud when it appears.
    banner.setAttribute('role', which ? 'alert' : 'none')
    banner.hidden = !which
    for (const words of banner.querySelectorAll('[data-ending]')) words.hidden = words.dataset.ending !== which
    banner.querySelector('button').hidden = which !== 'rests'
  }

  banner.querySelector('button').addEventListener('click', () => {
    const asked = new Image()
    asked.addEventListener('load', () => {
      restsUntil = moment(banner.dataset.idle)
      others?.postMessage(restsUntil)
      const had = banner.contains(document.activeElement)
      look()
      if (had) document.getElementById('main-content').focus()
    })
    asked.src = `/account/still-here.svg?${Date.now()}`
  })

  const ticking = setInterval(look, LOOKED_EVERY)
  // A laptop that was asleep has not looked.
  document.addEventListener('visibilitychange', look)
  look()
}

function leave () {
  const main = document.getElementById('main-content')
  main.hidden = true
  const form = [...main.querySelectorAll('form[method="post"]')].find(wasTypedInto)
  if (!form) {
    const here = window.location.pathname + window.location.search
    window.location.replace(`/sign-in?next=${encodeURIComponent(here)}`)
    return
  }
  const mark = document.createElement('input')
  mark.type = 'hidden'
  mark.name = 'given_back'
  mark.value = 'yes'
  form.append(mark)
  // Not `form.submit()`: a button of that name would stand in its way.
  HTMLFormElement.prototype.submit.call(form)
}

function wasTypedInto (form) {
  return [...form.elements].some((field) => {
    if (field.type === 'checkbox' || field.type === 'radio') return field.checked !== field.defaultChecked
    if (field.tagName === 'SELECT') return [...field.options].some((one) => one.selected !== one.defaultSelected)
    return field.type !== 'hidden' && 'defaultValue' in field && field.value !== field.defaultValue
  })
}
