// Says that a file is too large before its form is sent: a form that is far too large the service cannot read at all,
// and what was typed into it would be lost. Without this the service says it afterwards.
const MEGABYTE = 1024 * 1024

export function watchFiles (field) {
  field.form.addEventListener('submit', (sent) => {
    clear(field)
    const sentence = tooLarge([...field.files], Number(field.dataset.largest))
    if (sentence) {
      sent.preventDefault()
      say(field, sentence)
    }
  })
}

function tooLarge (files, largest) {
  const place = files.findIndex((file) => file.size >= largest)
  if (place === -1) {
    return ''
  }
  const which = files.length > 1 ? `File ${place + 1}: ` : ''
  const megabytes = (files[place].size / MEGABYTE).toFixed(1).replace(/\.0$/, '')
  return `${which}The file is ${megabytes} MB. It must be smaller than ${largest / MEGABYTE} MB`
}

function clear (field) {
  for (const said of document.querySelectorAll(`#${field.id}-error, .govuk-error-summary`)) {
    said.remove()
  }
  field.closest('.govuk-form-group').classList.remove('govuk-form-group--error')
  describe(field, '')
}

// The sentence stands where the service would have put it: beside the field, and at the top with a link to it.
function say (field, sentence) {
  const beside = made('p', 'govuk-error-message')
  beside.id = `${field.id}-error`
  const error = made('span', 'govuk-visually-hidden', 'Error:')
  beside.append(error, ` ${sentence}`)
  field.closest('.govuk-form-group').classList.add('govuk-form-group--error')
  field.before(beside)
  describe(field, beside.id)

  const summary = made('div', 'govuk-error-summary')
  summary.tabIndex = -1
  const alert = made('div')
  alert.setAttribute('role', 'alert')
  const body = made('div', 'govuk-error-summary__body')
  const list = made('ul', 'govuk-list govuk-error-summary__list')
  const link = made('a', '', sentence)
  link.href = `#${field.id}`
  const line = made('li')
  line.append(link)
  list.append(line)
  body.append(list)
  alert.append(made('h2', 'govuk-error-summary__title', 'There is a problem'), body)
  summary.append(alert)
  const heading = document.querySelector('main h1')
  const over = heading.previousElementSibling?.className.includes('caption') ? heading.previousElementSibling : heading
  over.before(summary)
  document.title = `Error: ${document.title.replace(/^Error: /, '')}`
  summary.focus()
}

function describe (field, error) {
  const others = (field.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id && !id.endsWith('-error'))
  field.setAttribute('aria-describedby', [...others, error].filter(Boolean).join(' '))
}

function made (tag, name = '', words = '') {
  const part = document.createElement(tag)
  part.className = name
  part.textContent = words
  return part
}
