// Dragging a bar asks what would move, and dragging its right end what other days would do: the same form the page of
// the task sends, filled with another day, or with other working days.
import { Controller } from "@hotwired/stimulus"
import { step } from "../edges.js"
import { lastOf, worked } from "../working-days.js"

const SIDES = ["vendor", "customer", "joint"]
/** Most working days a task may take. */
const LONGEST = 520
/** Room for what stands beside an end that is dragged. */
const WORDS = 130

export default class extends Controller {
  static targets = ["bar", "edge", "form"]
  static values = { day: Number, vendor: String, customer: String, joint: String }

  begin(event) {
    if (event.button !== 0 || !event.isPrimary) return
    const hold = event.target.closest("[data-gantt-target=edge], [data-gantt-target=bar]")
    if (!hold) return
    const bar = hold.parentElement.querySelector("[data-code]")
    const edge = hold.parentElement.querySelector(".edge")
    const drag = hold === edge ? this.stretch(bar, edge) : this.shift(bar, edge)
    const from = event.clientX
    const over = new AbortController()
    const { signal } = over
    const giveUp = () => {
      over.abort()
      drag.back()
    }
    const letGo = () => {
      over.abort()
      const asked = drag.asked()
      if (!asked) return drag.back()
      // Whoever comes back from what would follow finds the bar where it is.
      addEventListener("pageshow", drag.back, { once: true })
      this.ask({ task: bar.dataset.code, ...asked })
    }
    hold.setPointerCapture(event.pointerId)
    const move = this.following(hold, from, (moved) => drag.to(Math.round(moved / this.dayValue)), giveUp, signal)
    hold.addEventListener("pointermove", (next) => move(next.clientX), { signal })
    hold.addEventListener("pointerup", letGo, { signal })
    hold.addEventListener("pointercancel", giveUp, { signal })
    addEventListener("keydown", ({ key }) => { if (key === "Escape") giveUp() }, { signal })
  }

  // Tells by how many pixels of the picture the pointer was moved, and brings days behind an edge into sight while it is held
  // there: what is scrolled meanwhile counts as moved.
  following(hold, from, tell, giveUp, signal) {
    const chart = this.element
    const begun = chart.scrollLeft
    let [at, seen, frame] = [from, begun, 0]
    const follow = () => tell(at - from + chart.scrollLeft - begun)
    const roll = () => {
      // The page was drawn again without what is held.
      if (!hold.isConnected) return giveUp()
      const by = step(at, from, ...this.edges())
      if (by !== 0) chart.scrollLeft += by
      if (chart.scrollLeft !== seen) {
        seen = chart.scrollLeft
        follow()
      }
      frame = requestAnimationFrame(roll)
    }
    signal.addEventListener("abort", () => cancelAnimationFrame(frame))
    frame = requestAnimationFrame(roll)
    return (x) => {
      at = x
      follow()
    }
  }

  // Where the days that are in sight begin and end: the names lie over what is scrolled under them.
  edges() {
    const names = this.element.querySelector(".gantt-names").getBoundingClientRect()
    return [names.right, Math.min(this.element.getBoundingClientRect().right, innerWidth)]
  }

  // All of a bar, by calendar days.
  shift(bar, edge) {
    let days = 0
    return {
      to: (moved) => {
        days = moved
        bar.classList.toggle("dragged", days !== 0)
        for (const part of [bar, edge]) part?.setAttribute("transform", `translate(${days * this.dayValue} 0)`)
      },
      back: () => {
        bar.classList.remove("dragged")
        for (const part of [bar, edge]) part?.removeAttribute("transform")
      },
      asked: () => days !== 0 && { kind: "move", not_before: dayAfter(bar.dataset.start, days) },
    }
  }

  // The end of a bar, by working days of the task's side; what is no working day is skipped.
  stretch(bar, edge) {
    const day = this.dayValue
    const width = Number(bar.getAttribute("width"))
    const [first, length] = [Number(bar.getAttribute("x")) / day, (width + 1) / day]
    const calendar = this[`${SIDES.find((side) => bar.classList.contains(side))}Value`]
    const planned = Number(bar.dataset.days)
    const words = wordsBeside(bar)
    let days = planned
    return {
      to: (moved) => {
        // Where the task lies may be longer than its days: somebody is late with it.
        const rests = moved === 0
        days = rests ? planned : Math.min(LONGEST, worked(calendar, first, first + length - 1 + moved))
        const drawn = rests ? length : lastOf(calendar, first, days) - first + 1
        bar.classList.toggle("dragged", !rests)
        bar.setAttribute("width", drawn * day - 1)
        edge.setAttribute("transform", `translate(${(drawn - length) * day} 0)`)
        words.say(days === 1 ? "1 working day" : `${days} working days`)
      },
      back: () => {
        bar.classList.remove("dragged")
        bar.setAttribute("width", width)
        edge.removeAttribute("transform")
        words.remove()
      },
      asked: () => days !== planned && { kind: "replan", days, days_was: planned },
    }
  }

  ask(asked) {
    const empty = { not_before: "", days: "", days_was: "" }
    for (const [name, value] of Object.entries({ ...empty, ...asked })) {
      this.formTarget.elements.namedItem(name).value = value
    }
    this.formTarget.requestSubmit()
  }
}

function dayAfter(start, days) {
  const day = new Date(`${start}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() + days)
  return day.toISOString().slice(0, 10)
}

// What stands behind the end of a bar; before its beginning where the picture ends too soon.
function wordsBeside(bar) {
  const picture = bar.ownerSVGElement
  const text = document.createElementNS("http://www.w3.org/2000/svg", "text")
  const number = (name) => Number(bar.getAttribute(name))
  text.setAttribute("class", "marker")
  text.setAttribute("y", number("y") + 11)
  return {
    say: (words) => {
      const end = number("x") + number("width") + 12
      const fits = end + WORDS <= picture.width.baseVal.value
      text.setAttribute("x", fits ? end : number("x") - 8)
      text.setAttribute("text-anchor", fits ? "start" : "end")
      text.textContent = words
      if (!text.isConnected) picture.append(text)
    },
    remove: () => text.remove(),
  }
}
