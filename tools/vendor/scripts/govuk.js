// The scripts of GOV.UK Frontend that our forms use, started on the page and on each part that htmx puts into it.
import {
  Button, CharacterCount, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink, createAll,
} from "govuk-frontend";

function start(scope) {
  for (const part of [Button, CharacterCount, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink]) {
    createAll(part, undefined, { scope, onError: () => {} });
  }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
