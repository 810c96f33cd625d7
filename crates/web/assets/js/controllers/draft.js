// Keeps what is typed into long fields for as long as the tab lives, so that a wrong click loses nothing. It comes
// back where the page still says what it said when the typing began.
import { Controller } from "@hotwired/stimulus"

export default class extends Controller {
  connect() {
    for (const field of this.fields()) {
      const kept = this.kept(field)
      if (kept?.from === field.defaultValue && field.value === field.defaultValue) field.value = kept.text
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
    // Several fields may share a name.
    const same = this.fields().filter((other) => other.name === field.name)
    return `draft ${location.pathname} ${field.name} ${same.indexOf(field)}`
  }

  kept(field) {
    try {
      return JSON.parse(sessionStorage.getItem(this.key(field)))
    } catch {
      return null
    }
  }

  store(field) {
    // A full store is no reason to disturb somebody who types.
    try {
      const [from, text] = [field.defaultValue, field.value]
      if (text === from) sessionStorage.removeItem(this.key(field))
      else sessionStorage.setItem(this.key(field), JSON.stringify({ from, text }))
    } catch {}
  }
}
