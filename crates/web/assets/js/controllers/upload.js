// Sends a file in pieces, so that its size does not matter and an interrupted one goes on where it was. Without scripts
// the form sends it whole.
import { Controller } from "@hotwired/stimulus"
import { visit } from "@hotwired/turbo"

const PIECE = 1_000_000
const FILES = "/settings/usage/imports"

export default class extends Controller {
  static targets = ["file", "bar", "words"]
  static values = { id: String, done: Number, total: Number }

  async send(event) {
    const [file] = this.fileTarget.files
    if (!file) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (this.idValue && file.size !== this.totalValue) return this.say("This is another file: its size differs.")
    this.element.querySelector("button[type=submit]").disabled = true
    this.barTarget.hidden = false
    try {
      const id = this.idValue || (await this.begin(file))
      await this.rest(id, file, this.doneValue)
      visit(`${FILES}?said=read`)
    } catch (problem) {
      this.say(String(problem.message ?? problem))
      this.element.querySelector("button[type=submit]").disabled = false
    }
  }

  begin(file) {
    const source = this.element.querySelector("[name=source]").value
    return this.ask(`${FILES}/begin`, new URLSearchParams({ name: file.name, source, total: String(file.size) }))
  }

  async rest(id, file, from) {
    let done = from
    while (done < file.size) {
      done = Number(await this.ask(`${FILES}/${id}/piece?offset=${done}`, file.slice(done, done + PIECE)))
      const percent = Math.floor((done * 100) / file.size)
      this.barTarget.value = percent
      this.say(`${percent} % sent`)
    }
  }

  async ask(address, body) {
    const answer = await fetch(address, { method: "POST", body })
    const text = await answer.text()
    if (!answer.ok) throw new Error(answer.headers.get("content-type")?.startsWith("text/plain") ? text : "It was not taken: try again.")
    return text
  }

  say(words) {
    this.wordsTarget.textContent = words
  }
}
