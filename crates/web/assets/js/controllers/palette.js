// Ctrl-K: go anywhere by typing. The search box does the same without scripts.
import { Controller } from "@hotwired/stimulus"
import * as Turbo from "@hotwired/turbo"

const PAUSE = 60
const SLOW = 100

export default class extends Controller {
  static targets = ["dialog", "input", "results"]

  connect() {
    this.keys = (event) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault()
        this.open()
      }
    }
    document.addEventListener("keydown", this.keys)
  }

  disconnect() {
    document.removeEventListener("keydown", this.keys)
    this.asked?.abort()
  }

  open() {
    if (this.dialogTarget.open) return
    this.dialogTarget.showModal()
    this.inputTarget.select()
    this.ask()
  }

  // Outside of the box is the dialogue itself.
  closeOutside(event) {
    if (event.target === this.dialogTarget) this.dialogTarget.close()
  }

  type() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.ask(), PAUSE)
  }

  async ask() {
    this.asked?.abort()
    this.asked = new AbortController()
    const slow = setTimeout(() => this.resultsTarget.setAttribute("aria-busy", "true"), SLOW)
    try {
      const query = encodeURIComponent(this.inputTarget.value)
      const answer = await fetch(`/search/suggestions?q=${query}`, {
        headers: { accept: "text/html" },
        signal: this.asked.signal,
      })
      if (!answer.ok || answer.redirected) throw new Error("no suggestions")
      this.resultsTarget.innerHTML = await answer.text()
      this.choose(0)
    } catch (error) {
      if (error.name !== "AbortError") this.resultsTarget.textContent = "The search does not answer. Try again."
    } finally {
      clearTimeout(slow)
      this.resultsTarget.removeAttribute("aria-busy")
    }
  }

  press(event) {
    const links = this.links()
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault()
      const step = event.key === "ArrowDown" ? 1 : -1
      this.choose((this.chosen + step + links.length) % Math.max(links.length, 1))
    } else if (event.key === "Enter") {
      event.preventDefault()
      const link = links[this.chosen]
      this.dialogTarget.close()
      this.inputTarget.value = ""
      Turbo.visit(link ? link.href : `/search?q=${encodeURIComponent(this.inputTarget.value)}`)
    }
  }

  choose(index) {
    this.chosen = index
    this.links().forEach((link, place) => {
      link.classList.toggle("chosen", place === index)
      if (place === index) link.scrollIntoView({ block: "nearest" })
    })
  }

  links() {
    return [...this.resultsTarget.querySelectorAll("a[href]")]
  }
}
