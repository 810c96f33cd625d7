// Ctrl-K: go anywhere by typing. The search box does the same without scripts.
import { Controller } from "@hotwired/stimulus"
import * as Turbo from "@hotwired/turbo"

const PAUSE = 60
const SLOW = 100
// As the component of that name on the style page.
const SKELETON = '<div class="skeleton" aria-hidden="true"><span></span><span></span><span></span></div>'

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
    const asked = new AbortController()
    this.asked = asked
    const words = this.inputTarget.value
    const slow = setTimeout(() => this.wait(), SLOW)
    try {
      const answer = await fetch(`/search/suggestions?q=${encodeURIComponent(words)}`, {
        headers: { accept: "text/html" },
        signal: asked.signal,
      })
      if (!answer.ok || answer.redirected) throw new Error("no suggestions")
      this.resultsTarget.innerHTML = await answer.text()
      this.answered = words
      this.choose(0)
    } catch (error) {
      if (error.name !== "AbortError") this.resultsTarget.textContent = "The search does not answer. Try again."
    } finally {
      clearTimeout(slow)
      // Whoever has typed on waits for another answer.
      if (this.asked === asked) this.resultsTarget.removeAttribute("aria-busy")
    }
  }

  // The answer takes longer than a moment: what stands there fades, or where it will stand is drawn.
  wait() {
    if (!this.resultsTarget.childElementCount) this.resultsTarget.innerHTML = SKELETON
    this.resultsTarget.setAttribute("aria-busy", "true")
  }

  press(event) {
    const links = this.links()
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault()
      const step = event.key === "ArrowDown" ? 1 : -1
      this.choose((this.chosen + step + links.length) % Math.max(links.length, 1))
    } else if (event.key === "Enter") {
      event.preventDefault()
      const words = this.inputTarget.value
      // Whoever types faster than the answers come is shown all that is found, never what fits other words.
      const link = this.answered === words ? links[this.chosen] : undefined
      this.dialogTarget.close()
      this.inputTarget.value = ""
      Turbo.visit(link ? link.href : `/search?q=${encodeURIComponent(words)}`)
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
