"""What the SDKs of Python send: the same as story.mjs says for those of JavaScript."""

REPORTS, PAGES, SCREENS = 25, 3, 2


def tell(client, sdk):
    """Sends one message or more of each kind under ids of this SDK's own."""
    user, customer = f"{sdk}-user", f"{sdk}-customer"
    client.identify(user, {"email": f"user@{sdk}.example", "name": "Kim Albers"})
    client.group(user, customer, {"name": f"Company of {sdk}", "plan": "enterprise"})
    for number in range(REPORTS):
        client.track(user, "Report Exported", {"number": number})
    for number in range(PAGES):
        client.page(user, name=f"Page {number}")
    for number in range(SCREENS):
        client.screen(user, name=f"Screen {number}")
    client.alias(f"{sdk}-anonymous", user)
