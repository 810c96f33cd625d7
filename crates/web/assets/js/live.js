// What colleagues do appears without a reload. The server tells what happened; a page that shows it is fetched
// again and morphed. Somebody who is typing is told instead, and decides.
import { isFailure } from "./refusals.js"
import { say } from "./toasts.js"

const SOON = 250

/** A press takes a moment: a page that changes under it would take it away. */
const PRESS = 500

/** Listens as long as the page can be seen: browsers give one site few connections. */
export function watch(Turbo) {
  let stream = null
  let last = null
  let due = null
  // Told already: a page that is older than the news hears it again, and says it no second time.
  const told = new Set()

  const page = () => document.querySelector("main[data-live]")

  const topics = () => (page()?.dataset.live ?? "").split(" ").filter(Boolean)

  const concerns = (change) => {
    const here = topics()
    return here.includes("*") || here.includes(change.account) || here.includes(change.onboarding)
  }

  // The form that is on its way: a refresh would take it back, and what its person pressed with it. The page it
  // brings knows what happened before it was made.
  let sending = null
  // Whether the page is a form's refusal, with what was typed: fetched again it would be without it.
  let refused = false
  // Whether the page is the answer to a form, which nobody can ask for again.
  const isAnswer = () => Boolean(page()) && !page().dataset.liveAfter
  const isBusy = () => refused || isAnswer() || isInUse()

  // When somebody pressed something last, and what is put off until that is over.
  let pressed = -PRESS
  let again = null
  const fetchAgain = () => {
    if (!sending) Turbo.session.refresh(document.baseURI)
  }
  const refresh = (otherwise = () => {}) => {
    const rest = pressed + PRESS - performance.now()
    if (rest <= 0) return fetchAgain()
    clearTimeout(again)
    again = setTimeout(() => (isBusy() ? otherwise() : refresh(otherwise)), rest)
  }

  const sent = ({ detail }) => {
    if (detail.success || detail.formSubmission !== sending) return
    sending = null
    refused = Boolean(detail.fetchResponse) && !isFailure(detail.fetchResponse)
  }

  const arrived = () => {
    sending = null
    refused = false
    // What this page lacks of the news it hears again.
    clearTimeout(due)
    clearTimeout(again)
    follow()
  }

  const show = (change, id) => {
    if (!concerns(change)) return
    const isNews = !change.mine && !told.has(id)
    told.add(id)
    const offer = () => {
      if (!isNews) return
      // A refused form stands at its page's own address, an answer at that of its form.
      const way = isAnswer() && !refused ? {} : { button: "Show it", act: fetchAgain }
      say(`${change.by}: ${change.summary}`, { ...way, stays: true })
    }
    if (isBusy()) return offer()
    // One refresh for what happens together; somebody may have begun to type by then.
    if (isNews) say(`${change.by}: ${change.summary}`)
    clearTimeout(due)
    due = setTimeout(() => (isBusy() ? offer() : refresh(offer)), SOON)
  }

  // What somebody does in the product is no deed of a colleague: the page changes, and says nothing.
  // What goes on and on does not put it off.
  let fresh = null
  const freshen = () => {
    fresh ??= setTimeout(() => {
      fresh = null
      if (!isBusy()) refresh()
    }, SOON)
  }

  // Which accounts the page shows, and whether it shows messages of sources: what else is used in the product is not
  // told to it. `usage` stands for any account.
  const shown = () => topics().filter((topic) => topic === "usage" || topic.startsWith("acc_")).join(" ")
  const showsEvents = () => topics().includes("usage-events")
  let heard = ""

  const wanted = () => {
    const query = new URLSearchParams()
    if (shown()) query.set("about", shown())
    if (showsEvents()) query.set("events", "1")
    return query.toString()
  }

  const address = () => {
    const query = new URLSearchParams(heard)
    if (last) query.set("after", last)
    if (shown()) query.set("used", page().dataset.liveUsed)
    return String(query) ? `/live?${query}` : "/live"
  }

  const open = () => {
    if (stream || document.visibilityState !== "visible" || !page()) return
    heard = wanted()
    stream = new EventSource(address())
    stream.addEventListener("change", (event) => {
      last = event.lastEventId || last
      show(JSON.parse(event.data), event.lastEventId)
    })
    // Messages have no log to be told again from: what came between the making of the page and now is on the page
    // fetched now.
    stream.addEventListener("open", () => { if (showsEvents()) freshen() })
    stream.addEventListener("usage", freshen)
    stream.addEventListener("events", () => { if (showsEvents()) freshen() })
    stream.addEventListener("hello", (event) => { last = event.lastEventId || last })
    // More has happened than is worth telling.
    stream.addEventListener("stale", (event) => {
      last = event.lastEventId || last
      if (!isBusy()) refresh()
    })
  }

  const close = () => {
    stream?.close()
    stream = null
  }

  // A page knows which entry of the log it was made after. Whatever came while it was on its way, also from the
  // cache of an earlier visit, is told from there.
  const follow = () => {
    const from = page()?.dataset.liveAfter
    if (from && from !== last) {
      last = from
      close()
    }
    if (stream && heard !== wanted()) close()
    open()
  }

  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? open() : close()))
  for (const press of ["pointerdown", "keydown"]) {
    addEventListener(press, () => { pressed = performance.now() }, { capture: true, passive: true })
  }
  document.addEventListener("turbo:submit-start", ({ detail }) => { sending = detail.formSubmission })
  document.addEventListener("turbo:submit-end", sent)
  document.addEventListener("turbo:load", arrived)
  addEventListener("pagehide", close)
  addEventListener("pageshow", (event) => { if (event.persisted) open() })
  follow()
}

/** Whether a refresh would take something away: typed text, an open dialogue or question, a bar being dragged, a chosen
 * text, a secret shown once. */
function isInUse() {
  if (document.querySelector("main .secret")) return true
  if (document.querySelector("dialog[open], main details.confirm[open], .dragged")) return true
  const active = document.activeElement
  if (active?.matches("textarea, select, input:not([type=submit]):not([type=button])")) return true
  if (String(getSelection() ?? "").trim()) return true
  return [...document.querySelectorAll("main form[method=post]")].some(isChanged)
}

function isChanged(form) {
  return [...form.elements].some((field) => {
    if (field.type === "hidden" || field.type === "submit" || field.disabled) return false
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked
    if (field.type === "file") return field.files.length > 0
    if (field.tagName === "SELECT") {
      const options = [...field.options]
      return options.some((option) => option.selected !== option.defaultSelected)
        && options.some((option) => option.defaultSelected)
    }
    return "defaultValue" in field && field.value !== field.defaultValue
  })
}
