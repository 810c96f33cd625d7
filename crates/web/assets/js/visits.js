// How links are followed and pages replaced.

// Generated documents, archives and the API's pages have policies of their own: the browser goes there itself.
const OWN_PAGES = /^\/(api|assets)\/|\/package(\.zip|\/)|\/export\b|\.(csv|xlsx|zip|pdf|ics|json)$/

/** Leaves links to what is no page of the app to the browser. */
export function leaveAlone(document) {
  document.addEventListener("turbo:click", (event) => {
    const url = new URL(event.detail.url)
    if (OWN_PAGES.test(url.pathname)) event.preventDefault()
  })
  // Looking at a link must not make a document.
  document.addEventListener("turbo:before-prefetch", (event) => {
    if (OWN_PAGES.test(new URL(event.target.href).pathname)) event.preventDefault()
  })
  // Some forms ask for a file instead of a page.
  document.addEventListener("submit", (event) => {
    const action = new URL(event.submitter?.formAction || event.target.action, location.href)
    if (OWN_PAGES.test(action.pathname)) event.target.dataset.turbo = "false"
  }, { capture: true })
}

/** Keeps what a person has opened open when the page is brought up to date. */
export function keepOpen(document) {
  document.addEventListener("turbo:before-morph-attribute", (event) => {
    const { attributeName } = event.detail
    if (attributeName === "open" && event.target.matches("details, dialog")) event.preventDefault()
  })
}
