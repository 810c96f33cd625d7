// Filters of a list apply as they are chosen; without scripts their button does it.
import { Controller } from "@hotwired/stimulus"

const PAUSE = 250

export default class extends Controller {
  connect() {
    this.soon = () => {
      clearTimeout(this.timer)
      this.timer = setTimeout(() => this.apply(), PAUSE)
    }
    this.now = () => this.apply()
    this.element.addEventListener("change", this.now)
    this.element.addEventListener("input", (event) => {
      if (event.target.matches("input[type=search]")) this.soon()
    })
  }

  disconnect() {
    clearTimeout(this.timer)
  }

  apply() {
    clearTimeout(this.timer)
    this.element.requestSubmit()
  }
}
