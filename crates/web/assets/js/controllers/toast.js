// A message that came with the page: it goes by itself, and a reload does not say it again.
import { Controller } from "@hotwired/stimulus"

const SECONDS = 12

export default class extends Controller {
  connect() {
    const url = new URL(location.href)
    url.searchParams.delete("said")
    url.searchParams.delete("undo")
    history.replaceState(history.state, "", url)
    this.timer = setTimeout(() => this.element.remove(), SECONDS * 1000)
  }

  disconnect() {
    clearTimeout(this.timer)
  }

  // Somebody reads it or is about to use its button.
  hold() {
    clearTimeout(this.timer)
  }
}
