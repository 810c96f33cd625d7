// Keeps what is typed into long forms for as long as the tab lives, so that a wrong click, a reload or the end of a
// session loses nothing. It comes back where the page still says what it said when the typing began, and is forgotten when
// the form is taken, and when its person signs out.

const BEGIN = "draft "
/** Forms that are sent to change something; some of their buttons may only ask. */
const SENT = "main form:is([method=post], :has([formmethod=post]))"
const TYPED = new Set(["textarea", "text", "email", "url", "tel", "number", "date", "time"])
/** Hidden fields that say how things stood when the page was made: not what the form is about. */
const STANDING = /^(version|revision|seen|mark|read|was|digest|back)$|_was$|_version$/
/** Characters of a hidden field that tell one thing from another. */
const TELLING = 80

/** Keeps what is typed into the forms of the pages. */
export function keepDrafts(document) {
  // What each field said when the typing began: a refused form comes back with what was typed as its own words.
  let begun = new WeakMap()
  const beginning = (field, draft) => {
    if (!begun.has(field)) begun.set(field, draft?.text === field.defaultValue ? draft.from : field.defaultValue)
    return begun.get(field)
  }
  const keep = (form) => {
    const before = kept(form)
    const drafts = typedIn(form).map((field, place) => {
      const from = beginning(field, before[place])
      return field.value === from ? null : { from, text: field.value }
    })
    if (drafts.some(Boolean)) tried(() => sessionStorage.setItem(keyOf(form), JSON.stringify(drafts)))
    else forget(form)
  }

  document.addEventListener("input", ({ target }) => {
    if (target.form && isLong(target.form)) keep(target.form)
  })
  document.addEventListener("turbo:load", () => {
    begun = new WeakMap()
    bringBack(document)
  })
  // What is folded away stays empty until somebody opens it: nobody would see why the page is in use.
  document.addEventListener("toggle", ({ target }) => bringBack(target), { capture: true })
  document.addEventListener("turbo:submit-end", ({ detail }) => {
    const form = detail.formSubmission.formElement
    if (!detail.success) return
    if (form.getAttribute("action") === "/sign-out") forgetAll()
    else forget(form)
  })
  // The browser sends these itself, and says nothing of what became of them.
  document.addEventListener("submit", ({ target, submitter }) => {
    const isOwn = (submitter?.dataset.turbo ?? target.dataset.turbo) === "false"
    if (isOwn && !submitter?.formTarget) forget(target)
  })
}

function bringBack(root) {
  for (const form of root.querySelectorAll(SENT)) {
    if (!isLong(form) || form.closest("details:not([open])")) continue
    const drafts = kept(form)
    typedIn(form).forEach((field, place) => {
      const { from, text } = drafts[place] ?? {}
      if (from === field.defaultValue && field.value === from) field.value = text
    })
  }
}

// A form worth keeping; none with a password, whose other fields are its business too.
function isLong(form) {
  if (!form.matches(SENT)) return false
  if ([...form.elements].some((field) => field.type === "password")) return false
  const typed = typedIn(form)
  return typed.length > 1 || typed.some((field) => field.type === "textarea")
}

function typedIn(form) {
  return [...form.elements].filter((field) => field.name && TYPED.has(field.type) && !field.readOnly && !field.disabled)
}

// Whose it is, the page, the form and what it is about: a page may hold the same form once for each line of a list.
function keyOf(form) {
  const said = (name) => document.querySelector(`meta[name=${name}]`)?.content ?? ""
  const about = [...form.elements].filter((field) => field.type === "hidden" && !STANDING.test(field.name))
  return BEGIN + JSON.stringify([
    said("workspace"),
    said("person"),
    location.pathname,
    form.getAttribute("action"),
    about.map(({ name, value }) => [name, value.slice(0, TELLING)]),
    typedIn(form).map(({ id, name }) => id || name),
  ])
}

function kept(form) {
  return tried(() => JSON.parse(sessionStorage.getItem(keyOf(form)))) ?? []
}

function forget(form) {
  tried(() => sessionStorage.removeItem(keyOf(form)))
}

function forgetAll() {
  tried(() => Object.keys(sessionStorage).filter((key) => key.startsWith(BEGIN)).forEach((key) => sessionStorage.removeItem(key)))
}

// A store that is full or closed is no reason to disturb somebody who types.
function tried(act) {
  try {
    return act()
  } catch {
    return null
  }
}
