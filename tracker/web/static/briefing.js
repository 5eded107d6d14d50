// While a box of a briefing is typed the sheet beside it shows what it will look like.
const POINT = /^[-*•]\s+(\S.*)$/

function show (words, place) {
  place.replaceChildren()
  let list = null
  for (const line of words.split('\n').map((one) => one.trim()).filter(Boolean)) {
    const point = POINT.exec(line)
    if (!point) {
      list = null
      const paragraph = document.createElement('p')
      paragraph.className = 'app-sheet__words'
      paragraph.textContent = line
      place.append(paragraph)
      continue
    }
    if (!list) {
      list = document.createElement('ul')
      list.className = 'app-sheet__points'
      place.append(list)
    }
    const shown = document.createElement('li')
    shown.textContent = point[1]
    list.append(shown)
  }
}

const preview = document.querySelector('.app-preview')
for (const place of preview ? preview.querySelectorAll('[id^="shown-"]') : []) {
  const typed = document.getElementById(place.id.slice('shown-'.length))
  typed.addEventListener('focus', () => {
    preview.scrollTop = place.offsetTop - preview.offsetTop - preview.clientHeight / 3
  })
  typed.addEventListener('input', () => {
    if (place.id === 'shown-title') {
      place.textContent = typed.value.trim() || 'Seven-minute briefing'
    } else {
      show(typed.value, place)
    }
    // Whether it still fits is reckoned when it is saved.
    const fits = document.getElementById('fits')
    if (fits) {
      fits.textContent = 'save it to see'
    }
  })
}
