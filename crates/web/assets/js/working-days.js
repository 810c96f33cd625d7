// Counting working days on a calendar that is written as a 1 for each day that is worked and a 0 for each that is not.

/** Working days between two days (their places on the calendar), both included; at least one. */
export function worked(calendar, first, last) {
  return Math.max(1, calendar.slice(first, Math.max(first, last + 1)).split("1").length - 1)
}

/** The day on which so many working days from a day on end; the calendar's last one where it has no more. */
export function lastOf(calendar, first, days) {
  let left = days
  for (let day = first; day < calendar.length; day += 1) {
    if (calendar[day] === "1") left -= 1
    if (left === 0) return day
  }
  return Math.max(first, calendar.length - 1)
}
