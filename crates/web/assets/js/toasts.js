// Short messages at the foot of the page. The server's own come with the page; these are for what happens meanwhile.

const SECONDS = 8

/** Says something; with a button when there is something to do about it. */
export function say(text, { button, act, stays = false } = {}) {
  const place = document.getElementById("news")
  if (!place) return
  const toast = toastOf(text)
  if (button) toast.append(buttonOf(button, () => { toast.remove(); act() }))
  place.replaceChildren(toast)
  if (!stays) setTimeout(() => toast.remove(), SECONDS * 1000)
}

/** Says what went wrong, aloud, until it is closed, hushed or gone with the page; with a link to where it is put right,
 * which opens beside this page. */
export function warn(text, { link, href } = {}) {
  hush()
  const toast = toastOf(text)
  toast.setAttribute("role", "alert")
  if (link) toast.append(linkOf(link, href))
  toast.append(buttonOf("Close", () => toast.remove()))
  document.querySelector(".toasts")?.append(toast)
}

/** Takes away what went wrong: it is being tried again. */
export function hush() {
  document.querySelector(".toasts > [role=alert]")?.remove()
}

function toastOf(text) {
  const toast = document.createElement("div")
  toast.className = "toast"
  const words = document.createElement("span")
  words.textContent = text
  toast.append(words)
  return toast
}

function buttonOf(text, act) {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "link"
  button.textContent = text
  button.addEventListener("click", act)
  return button
}

function linkOf(text, href) {
  const link = document.createElement("a")
  link.className = "link"
  link.textContent = text
  link.href = href
  link.target = "_blank"
  link.rel = "noopener"
  return link
}
