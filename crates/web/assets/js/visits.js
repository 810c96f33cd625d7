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

/** Leaves links inside of pictures to the browser: their address is no text there, as Turbo takes it to be. */
export function leavePictures(document) {
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("svg a")) event.stopPropagation()
  }, { capture: true })
}

/** Says with every form which workspace its page belongs to: another tab may have gone to another one. */
export function tellWorkspace(document) {
  document.addEventListener("turbo:before-fetch-request", (event) => {
    const here = document.querySelector("meta[name=workspace]")?.content
    const { fetchOptions } = event.detail
    if (here && fetchOptions.method && fetchOptions.method.toUpperCase() !== "GET") fetchOptions.headers["X-Workspace"] = here
  })
}

/** Brings the tab one is on into sight where a row of tabs is wider than the screen. */
export function showWhereOneIs(document) {
  document.addEventListener("turbo:load", () => {
    for (const tab of document.querySelectorAll("main [aria-current=page]")) {
      tab.scrollIntoView({ block: "nearest", inline: "nearest" })
    }
  })
}

/** Begins a picture of time at today, with a little of what was before; where somebody scrolls it to, it stays. */
export function beginAtToday(document) {
  const seen = new WeakSet()
  document.addEventListener("turbo:load", () => {
    for (const picture of document.querySelectorAll("[data-today]")) {
      if (seen.has(picture)) continue
      seen.add(picture)
      const names = picture.querySelector(".gantt-names")?.offsetWidth ?? 0
      picture.scrollLeft = Math.max(0, Number(picture.dataset.today) - (picture.clientWidth - names) / 4)
      // What is done lies above: begin with what is not, and a little before it.
      const open = [...picture.querySelectorAll("rect.task:not(.done, .skipped)")].map((bar) => bar.y.baseVal.value)
      if (open.length) picture.scrollTop = Math.max(0, Math.min(...open) - 80)
    }
  })
}

/** Keeps what a person has opened open when the page is brought up to date, until what they opened it for is done. */
export function keepOpen(document) {
  document.addEventListener("turbo:submit-end", (event) => {
    if (event.detail.success) event.target.closest("details.confirm")?.removeAttribute("open")
  })
  document.addEventListener("turbo:before-morph-attribute", (event) => {
    const { attributeName } = event.detail
    if (attributeName === "open" && event.target.matches("details, dialog")) event.preventDefault()
  })
}

/** Says of a link or a form that what it asks for is on its way, where a skeleton waits behind it. */
export function awaitAnswers(document) {
  const begin = ({ target }) => target.closest(":has(+ .awaited)")?.setAttribute("aria-busy", "true")
  const end = () => {
    for (const asked of document.querySelectorAll("[aria-busy]:has(+ .awaited)")) asked.removeAttribute("aria-busy")
  }
  document.addEventListener("turbo:click", begin)
  document.addEventListener("submit", begin)
  for (const over of ["turbo:submit-end", "turbo:before-cache", "pageshow"]) addEventListener(over, end)
}
