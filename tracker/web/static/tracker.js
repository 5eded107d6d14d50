// Everything works without this: it adds what the Design System adds to its own parts.
import {
  createAll,
  Button,
  CharacterCount,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  ServiceNavigation,
  SkipLink
} from '/static/govuk-frontend.min.js'
import { watchEnding } from '/static/ending.js'
import { watchFiles } from '/static/files.js'

for (const part of [
  Button, CharacterCount, ErrorSummary, NotificationBanner, PasswordInput, ServiceNavigation, SkipLink
]) {
  createAll(part)
}

for (const button of document.querySelectorAll('.app-print')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}

// On a phone the list comes first; its filters open when they are asked for.
if (window.matchMedia('(max-width: 768px)').matches) {
  for (const filter of document.querySelectorAll('details.app-filter')) {
    filter.open = false
  }
}

for (const banner of document.querySelectorAll('[data-module="app-ending"]')) {
  watchEnding(banner)
}

for (const field of document.querySelectorAll('input[type=file][data-largest]')) {
  watchFiles(field)
}
