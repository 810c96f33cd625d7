// Carries a card of the board to another column. Letting it go there is pressing the button that leads there: the same
// form goes out, and where a reason is asked for, the page opens that asks for it.
import { Controller } from "@hotwired/stimulus"
import { visit } from "@hotwired/turbo"
import { step } from "../edges.js"

/** Pixels up to which a press is a click. */
const CLICK = 6

export default class extends Controller {
  static targets = ["board", "column", "deed"]

  disconnect() {
    this.letGo()
  }

  take(event) {
    this.letGo()
    const card = event.target.closest("[data-ways]")
    if (!card || event.button !== 0 || !event.isPrimary || event.target.closest(".acts")) return
    // A finger scrolls the page: it takes a card by its grip.
    if (event.pointerType !== "mouse" && !event.target.closest(".grip")) return
    if (this.element.getAttribute("aria-busy") === "true") return
    const box = card.getBoundingClientRect()
    const at = [event.clientX, event.clientY]
    const inside = [at[0] - box.left, at[1] - box.top]
    this.held = { ...told(card), card, pointer: event.pointerId, from: at, at, inside, over: new AbortController() }
    const listen = (type, act) => addEventListener(type, act, { signal: this.held.over.signal })
    listen("pointermove", (next) => this.move(next))
    listen("pointerup", (next) => this.drop(next))
    listen("pointercancel", () => this.letGo())
    listen("keydown", ({ key }) => { if (key === "Escape") this.letGo() })
    // The browser would mark words, or drag the link.
    for (const own of ["selectstart", "dragstart"]) listen(own, (begun) => begun.preventDefault())
  }

  move({ pointerId, clientX, clientY }) {
    const { pointer, from, ghost } = this.held
    if (pointerId !== pointer) return
    this.held.at = [clientX, clientY]
    if (ghost) this.follow()
    else if (Math.hypot(clientX - from[0], clientY - from[1]) >= CLICK) this.lift()
  }

  // The card stays where it is, so that nothing jumps; a likeness of it goes with the pointer.
  lift() {
    const { card, ways, pointer } = this.held
    card.setPointerCapture(pointer)
    const ghost = document.createElement("div")
    ghost.className = `${card.className} lifted carried`
    ghost.append(...card.cloneNode(true).childNodes)
    for (const part of ghost.querySelectorAll(".acts, .grip")) part.remove()
    ghost.inert = true
    // Set by script, which the policy of the pages allows; it refuses styles in markup.
    ghost.style.setProperty("--width", `${card.offsetWidth}px`)
    document.body.append(ghost)
    this.held.ghost = ghost
    card.classList.add("dragged")
    this.boardTarget.classList.add("moving")
    for (const column of this.columnTargets) {
      column.classList.toggle("reachable", column.dataset.state in ways)
    }
    this.roll()
  }

  // What lies behind an edge comes into sight while a card is held there.
  roll() {
    const { from, at: [x, y] } = this.held
    const { left, right } = this.boardTarget.getBoundingClientRect()
    this.boardTarget.scrollLeft += step(x, from[0], left, right)
    scrollBy({ top: step(y, from[1], 0, innerHeight), behavior: "instant" })
    this.follow()
    this.held.frame = requestAnimationFrame(() => this.roll())
  }

  follow() {
    const { at: [x, y], inside, ghost, ways } = this.held
    ghost.style.setProperty("--x", `${x - inside[0]}px`)
    ghost.style.setProperty("--y", `${y - inside[1]}px`)
    const over = isIn(this.boardTarget, x, y) && this.columnTargets.find((column) => isIn(column, x, y))
    this.held.column = over && over.dataset.state in ways ? over : null
    for (const column of this.columnTargets) column.classList.toggle("target", column === this.held.column)
  }

  drop({ pointerId }) {
    const { held } = this
    if (pointerId !== held.pointer) return
    this.letGo()
    if (!held.ghost) return
    noClick()
    if (held.column) this.tell(held, held.ways[held.column.dataset.state])
  }

  tell({ card, code, page }, way) {
    if (way.startsWith("#")) return visit(page + way)
    card.classList.add("dragged")
    this.deedTarget.value = `${way}:${code}`
    this.element.requestSubmit(this.deedTarget)
  }

  // What was told is answered: a page with it comes, or nothing does.
  settle() {
    for (const card of this.element.querySelectorAll(".dragged")) card.classList.remove("dragged")
  }

  letGo() {
    if (!this.held) return
    const { over, frame, ghost } = this.held
    this.held = null
    over.abort()
    cancelAnimationFrame(frame)
    ghost?.remove()
    for (const mark of ["dragged", "moving", "reachable", "target"]) {
      for (const marked of this.element.querySelectorAll(`.${mark}`)) marked.classList.remove(mark)
    }
  }
}

// The task of a card, its page, and the columns it can go to. As long as a card is only pressed the page may change, and
// another task stand on it.
function told(card) {
  const ways = card.dataset.ways.split(" ").map((way) => way.split(":"))
  return { code: card.dataset.code, page: card.querySelector("a").href, ways: Object.fromEntries(ways) }
}

function isIn(element, x, y) {
  const { left, right, top, bottom } = element.getBoundingClientRect()
  return left <= x && x < right && top <= y && y < bottom
}

// Letting a card go over its link is no click on it.
function noClick() {
  const refuse = (event) => {
    event.preventDefault()
    event.stopPropagation()
  }
  addEventListener("click", refuse, { capture: true })
  setTimeout(() => removeEventListener("click", refuse, { capture: true }))
}
