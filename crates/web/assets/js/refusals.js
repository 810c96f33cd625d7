// A form whose answer says no more than what went wrong loses nothing: its page stays, with all that was typed into it,
// and says what happened. Only an answer that shows the form again takes its place.
import { hush, warn } from "./toasts.js"

/** How the server marks a page that shows a form again. */
const [MARK, FORM] = ["x-page", "form"]

const KEPT = "What you typed is still here."

/** What to say where the answer has no words of ours: something between here and there gave it. */
const WORDS = {
  403: "This was refused on the way.",
  413: "This is too large.",
  429: "This was tried too often: wait a minute, then send it again.",
}
const SILENT = "Gangway does not answer as it should: wait a moment, then send it again."

/** Whether an answer to a form says only that it failed. */
export function isFailure(answer) {
  return !answer.succeeded && answer.header(MARK) !== FORM
}

/** Keeps the page of a form that was not taken. */
export function keepPages(document) {
  let hasFailed = false
  document.addEventListener("turbo:submit-start", () => {
    hasFailed = false
    hush()
  })
  document.addEventListener("turbo:before-fetch-response", (event) => {
    const answer = event.detail.fetchResponse
    if (!event.target.matches("form") || !isFailure(answer)) return
    event.preventDefault()
    hasFailed = true
    explain(answer)
  })
  document.addEventListener("turbo:fetch-request-error", (event) => {
    if (!event.target.matches("form")) return
    hasFailed = true
    warn(`Gangway cannot be reached: look at the connection, then send it again. ${KEPT}`)
  })
  // The button was off while its form was on its way, which takes the focus from it.
  document.addEventListener("turbo:submit-end", ({ detail }) => {
    if (hasFailed && document.activeElement === document.body) detail.formSubmission.submitter?.focus()
  })
}

async function explain(answer) {
  if (answer.statusCode === 401) {
    warn(`You are signed out, and nothing was saved. Sign in in another tab, then send it again. ${KEPT}`, { link: "Sign in", href: "/sign-in" })
  } else {
    warn(`${await said(answer)} ${KEPT}`)
  }
}

async function said(answer) {
  const page = new DOMParser().parseFromString((await answer.responseHTML) ?? "", "text/html")
  const [title, advice] = [".notice > h1", ".notice > h1 + p"].map((part) => page.querySelector(part)?.textContent.trim())
  return title && advice ? `${title}. ${advice}` : (WORDS[answer.statusCode] ?? SILENT)
}
