// Copies a text that is shown once. Where the browser gives no clipboard (it does so over https only) the text is marked.
import { Controller } from "@hotwired/stimulus"
import { say } from "../toasts.js"

export default class extends Controller {
  static targets = ["text"]

  async copy() {
    try {
      await navigator.clipboard.writeText(this.textTarget.textContent.trim())
      say("Copied.")
    } catch {
      getSelection().selectAllChildren(this.textTarget)
      say("The browser lets no page copy here. The text is marked: copy it with Ctrl-C.")
    }
  }
}
