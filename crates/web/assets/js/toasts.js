// Short messages at the foot of the page. The server's own come with the page; these are for what happens meanwhile.

const SECONDS = 8

/** Says something; with a button when there is something to do about it. */
export function say(text, { button, act, stays = false } = {}) {
  const place = document.getElementById("news")
  if (!place) return
  const toast = document.createElement("div")
  toast.className = "toast"
  const words = document.createElement("span")
  words.textContent = text
  toast.append(words)
  if (button) {
    const control = document.createElement("button")
    control.type = "button"
    control.className = "link"
    control.textContent = button
    control.addEventListener("click", () => {
      toast.remove()
      act()
    })
    toast.append(control)
  }
  place.replaceChildren(toast)
  if (!stays) setTimeout(() => toast.remove(), SECONDS * 1000)
}
