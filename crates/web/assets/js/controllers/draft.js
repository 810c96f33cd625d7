// Keeps what is typed into long fields for as long as the tab lives, so that a wrong click loses nothing.
import { Controller } from "@hotwired/stimulus"

export default class extends Controller {
  connect() {
    for (const field of this.fields()) {
      const kept = sessionStorage.getItem(this.key(field))
      if (kept && !field.value) field.value = kept
    }
    this.keep = () => this.fields().forEach((field) => this.store(field))
    this.element.addEventListener("input", this.keep)
    this.forget = (event) => {
      if (event.detail.success) this.fields().forEach((field) => sessionStorage.removeItem(this.key(field)))
    }
    this.element.addEventListener("turbo:submit-end", this.forget)
  }

  disconnect() {
    this.element.removeEventListener("input", this.keep)
    this.element.removeEventListener("turbo:submit-end", this.forget)
  }

  fields() {
    return [...this.element.querySelectorAll("textarea, input[type=text]")].filter((field) => field.name)
  }

  key(field) {
    return `draft ${location.pathname} ${field.name}`
  }

  store(field) {
    // A full store is no reason to disturb somebody who types.
    try {
      if (field.value) sessionStorage.setItem(this.key(field), field.value)
      else sessionStorage.removeItem(this.key(field))
    } catch {}
  }
}
