// Dragging a bar asks what would move: the same form the page of the task sends, filled with another day.
import { Controller } from "@hotwired/stimulus"

export default class extends Controller {
  static targets = ["bar", "form"]
  static values = { day: Number }

  barTargetConnected(bar) {
    bar.addEventListener("pointerdown", (event) => this.begin(event, bar))
  }

  begin(event, bar) {
    if (event.button !== 0) return
    const from = event.clientX
    let days = 0
    bar.setPointerCapture(event.pointerId)
    const move = (next) => {
      days = Math.round((next.clientX - from) / this.dayValue)
      bar.classList.toggle("dragged", days !== 0)
      bar.setAttribute("transform", `translate(${days * this.dayValue} 0)`)
    }
    const stop = () => {
      bar.removeEventListener("pointermove", move)
      bar.removeEventListener("pointerup", end)
      bar.removeEventListener("pointercancel", cancel)
    }
    const cancel = () => {
      stop()
      bar.classList.remove("dragged")
      bar.removeAttribute("transform")
    }
    const end = () => {
      stop()
      if (days === 0) return cancel()
      this.ask(bar, days)
    }
    bar.addEventListener("pointermove", move)
    bar.addEventListener("pointerup", end)
    bar.addEventListener("pointercancel", cancel)
  }

  ask(bar, days) {
    const day = new Date(`${bar.dataset.start}T00:00:00Z`)
    day.setUTCDate(day.getUTCDate() + days)
    const fields = this.formTarget.elements
    fields.namedItem("task").value = bar.dataset.code
    fields.namedItem("not_before").value = day.toISOString().slice(0, 10)
    this.formTarget.requestSubmit()
  }
}
