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

for (const part of [
  Button, CharacterCount, ErrorSummary, NotificationBanner, PasswordInput, ServiceNavigation, SkipLink
]) {
  createAll(part)
}
