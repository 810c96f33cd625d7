//! What stands above every tab of an onboarding: whose it is, its state, what may be done with it.

use gangway_app::identity::Session;
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Action;
use gangway_store::onboarding::head::Head;

use crate::form::Wrong;
use crate::format::capital;
use crate::pages::{Frame, Nav, Tab};

/// The tabs: what they are called, the end of their address.
const TABS: &[(&str, &str)] = &[
    ("Overview", ""),
    ("Handoff", "/handoff"),
    ("Plan", "/plan"),
    ("Health", "/health"),
    ("Impact", "/impact"),
    ("People", "/people"),
    ("Governance", "/register"),
    ("Training", "/training"),
    ("Usage", "/usage"),
    ("Feedback", "/feedback"),
    ("Go-live", "/go-live"),
    ("Scorecard", "/scorecard"),
    ("Documents", "/documents"),
    ("Portal", "/portal"),
    ("Programme", "/programme"),
    ("Activity", "/activity"),
];

/// The top of a page.
pub(super) struct Top {
    /// Where the onboarding is.
    address: String,
    pub customer: String,
    /// Where its account is.
    pub account: String,
    pub subtitle: String,
    pub state: String,
    /// How a tag shows the state.
    pub tone: &'static str,
    pub segment: String,
    /// Why it was closed.
    pub closed: Option<String>,
    pub tabs: Vec<Tab>,
    pub may_kick_off: bool,
    pub may_complete: bool,
    pub may_close: bool,
    pub closing: Closing,
    /// What the page shows, for being told of changes.
    live: [String; 2],
}

/// The form for closing, when it came back.
#[derive(Debug, Clone, Default)]
pub(super) struct Closing {
    pub reason: String,
    pub wrong: Wrong,
}

impl Closing {
    /// It came back, so it is shown unfolded.
    pub(super) fn is_open(&self) -> bool {
        self.wrong.summary().is_some()
    }
}

impl Top {
    /// The top of the tab whose address ends like this.
    pub(super) fn new(session: &Session, head: &Head, here: &str) -> Self {
        let address = address(head);
        let runs = session.actor.may(Action::RunOnboarding);
        let state = &head.state;
        Self {
            customer: head.customer.clone(),
            account: format!("/accounts/{}", head.account_id),
            subtitle: [head.product.as_str(), head.use_case.as_str()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            state: capital(&state.to_string()),
            tone: match state {
                OnboardingState::Planned => "soon",
                OnboardingState::Running => "go",
                OnboardingState::Completed => "done",
                OnboardingState::Closed { .. } => "off",
            },
            segment: head.segment_name.clone(),
            closed: match state {
                OnboardingState::Closed { reason } => Some(reason.clone()),
                _ => None,
            },
            tabs: TABS
                .iter()
                .map(|&(label, end)| Tab { label, href: format!("{address}{end}"), here: end == here })
                .collect(),
            may_kick_off: runs && *state == OnboardingState::Planned,
            may_complete: runs && *state == OnboardingState::Running,
            may_close: runs && matches!(state, OnboardingState::Planned | OnboardingState::Running),
            closing: Closing::default(),
            live: [head.id.to_string(), head.account_id.to_string()],
            address,
        }
    }

    /// The address of something that belongs to this onboarding.
    pub(super) fn to(&self, end: &str) -> String {
        format!("{}{end}", self.address)
    }

    /// Pages of one tab as tabs of their own: what they are called, the end of their address.
    pub(super) fn pages(&self, pages: &[(&'static str, &'static str)], here: &str) -> Vec<Tab> {
        pages.iter().map(|&(label, end)| Tab { label, href: self.to(end), here: end == here }).collect()
    }

    /// The frame around the page.
    pub(super) fn frame(&self, session: &Session, tab: &str) -> Frame {
        let title =
            if tab.is_empty() { self.customer.clone() } else { format!("{tab} · {}", self.customer) };
        Frame::of(session, Nav::Onboardings, title).live(&self.live)
    }
}

/// Whether nothing more happens in it.
pub(super) fn is_over(head: &Head) -> bool {
    matches!(head.state, OnboardingState::Completed | OnboardingState::Closed { .. })
}

/// Where an onboarding is.
pub(super) fn address(head: &Head) -> String {
    format!("/onboardings/{}", head.id)
}
