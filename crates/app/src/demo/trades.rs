//! What invented customers buy and worry about, by trade.

/// What customers of one trade have in common.
pub(super) struct Trade {
    pub name: &'static str,
    pub product: &'static str,
    pub use_cases: [&'static str; 2],
    pub pains: [&'static str; 2],
    pub impacts: [&'static str; 2],
    /// Systems they run, the most common first.
    pub systems: [&'static str; 4],
    /// What their places are called.
    pub sites: &'static str,
    /// What they call success, with numbers.
    pub success: [&'static str; 2],
    pub promises: [&'static str; 2],
    pub red_flags: [&'static str; 2],
    /// What is done about each of the red flags.
    pub approaches: [&'static str; 2],
    /// What they want to take along.
    pub data: &'static str,
    /// What their IT asks for.
    pub constraint: &'static str,
    /// Title of whoever uses the product and wants it.
    pub champion: &'static str,
    /// Titles of sponsor, project lead, technical lead.
    pub titles: [&'static str; 3],
}

pub(super) const TRADES: [Trade; 6] = [
    Trade {
        name: "manufacturing",
        product: "Enterprise platform",
        use_cases: ["supplier scorecards", "downtime analysis across lines"],
        pains: ["late parts are noticed when the line stops", "each plant reports downtime in its own way"],
        impacts: ["one hour of a stopped line costs $12,000", "four people spend a week a month on reports"],
        systems: ["SAP ERP", "Salesforce", "Siemens Opcenter", "Power BI"],
        sites: "plants",
        success: [
            "unplanned stops fall from 11 to 7 hours a month",
            "all plants report downtime in one form within 90 days",
        ],
        promises: ["first line connected within 30 days", "reports in the operators' own language"],
        red_flags: [
            "the plant managers were not part of the sale",
            "an ERP upgrade is planned for the same months",
        ],
        approaches: [
            "meet every plant manager on site before the kickoff",
            "agree the order of work with their ERP team in the first week",
        ],
        data: "three years of orders and downtime logs",
        constraint: "the ERP is changed on Sundays only",
        champion: "Shift Supervisor",
        titles: ["VP Operations", "Continuous Improvement Lead", "Manufacturing IT Manager"],
    },
    Trade {
        name: "retail",
        product: "Store Insights",
        use_cases: ["stock and footfall by shop", "staffing by the hour"],
        pains: [
            "shops run out of what sells and sit on what does not",
            "staff stands idle in the morning and is short at five",
        ],
        impacts: ["two per cent of turnover is lost to empty shelves", "overtime is a third above plan"],
        systems: ["Shopify", "Lightspeed", "NetSuite", "Google Workspace"],
        sites: "stores",
        success: ["empty shelves fall from 6 % to 3 % of checks", "overtime in the shops falls by 15 %"],
        promises: ["the five largest shops before the season", "no new device in any shop"],
        red_flags: ["the season begins in ten weeks", "the founder decides everything and travels a lot"],
        approaches: [
            "go live in the five largest shops first and in the others after the season",
            "agree a deputy who may decide",
        ],
        data: "two years of till receipts",
        constraint: "nothing changes in the shops on Saturdays",
        champion: "Shop Manager",
        titles: ["Head of Stores", "Retail Operations Manager", "Systems Manager"],
    },
    Trade {
        name: "logistics",
        product: "Dispatch Suite",
        use_cases: ["driver scheduling", "arrival times for customers"],
        pains: ["dispatchers plan on a whiteboard", "customers call to ask where their delivery is"],
        impacts: ["nine calls an hour at each desk", "one truck in eight runs half empty"],
        systems: ["Oracle TMS", "QuickBooks", "Samsara", "Okta SSO"],
        sites: "depots",
        success: ["calls to the desk fall from 9 to 4 an hour", "no truck leaves less than 70 % full"],
        promises: ["arrival messages in the first month", "the drivers' app works without network"],
        red_flags: [
            "drivers refused an earlier app",
            "two depots were bought last quarter and run other systems",
        ],
        approaches: [
            "let two drivers of each depot test the app before the rollout",
            "connect the bought depots last",
        ],
        data: "a year of tours and addresses",
        constraint: "the drivers' devices stay as they are this year",
        champion: "Senior Dispatcher",
        titles: ["COO", "Dispatch Manager", "IT Lead"],
    },
    Trade {
        name: "healthcare",
        product: "Patient Flow",
        use_cases: ["appointment capacity across clinics", "bed planning"],
        pains: ["slots stay empty while patients wait", "beds are counted by telephone"],
        impacts: ["a third of slots unused", "two hours a day and ward"],
        systems: ["Epic", "Azure AD SSO", "Microsoft Teams", "ServiceNow"],
        sites: "clinics",
        success: ["unused slots fall from 33 % to 20 %", "beds are counted in under 10 minutes a ward"],
        promises: ["privacy assessment before any data moves", "training outside of consulting hours"],
        red_flags: ["two earlier rollouts were abandoned", "the privacy officer has not seen the contract"],
        approaches: [
            "ask the wards that left the earlier tools what went wrong",
            "walk the privacy officer through the contract before the kickoff",
        ],
        data: "eighteen months of appointments without names",
        constraint: "patient data stays in the country",
        champion: "Ward Manager",
        titles: ["Chief Medical Officer", "Director of Operations", "Head of Clinical Systems"],
    },
    Trade {
        name: "insurance",
        product: "Enterprise platform",
        use_cases: ["claims handling across regions", "broker self-service"],
        pains: ["a claim passes through nine hands", "brokers wait two days for a quote"],
        impacts: ["1.1M a year of handling cost", "one broker in ten has stopped asking"],
        systems: ["Guidewire", "Workday", "SAP", "Azure AD SSO"],
        sites: "offices",
        success: ["a claim passes through 4 hands at most", "standard quotes go out in under 60 minutes"],
        promises: ["an audit trail from the first day", "quotes in under an hour for standard policies"],
        red_flags: ["works council must agree before go-live", "a merger was announced after signature"],
        approaches: [
            "bring the works council a draft agreement in the second week",
            "ask the sponsor every month what the merger changes",
        ],
        data: "five years of closed claims",
        constraint: "production data never leaves their own cloud",
        champion: "Team Lead Claims",
        titles: ["COO", "Head of Claims", "Enterprise Architect"],
    },
    Trade {
        name: "software",
        product: "Field Mobile",
        use_cases: ["support quality", "onboarding of new customers"],
        pains: ["tickets bounce between three teams", "nobody knows which customers have started"],
        impacts: ["first answers take eleven hours", "a fifth of trials never log in"],
        systems: ["HubSpot", "Zendesk", "Slack", "Jira"],
        sites: "teams",
        success: ["first answers go out within 4 hours", "trials that never log in fall from 20 % to 10 %"],
        promises: ["a dashboard for the board meeting", "sandbox on the first day"],
        red_flags: [
            "the champion leaves at the end of the quarter",
            "engineering has a freeze for its own launch",
        ],
        approaches: [
            "win a second champion in the support team before the quarter ends",
            "finish the connections before the freeze begins",
        ],
        data: "all tickets of the last 12 months",
        constraint: "nothing changes on the day before a release",
        champion: "Senior Support Engineer",
        titles: ["VP Customer Success", "Support Operations Lead", "Platform Engineer"],
    },
];

/// A company of the demo: name, index of its trade, country, segment by its size.
pub(super) const COMPANIES: [(&str, usize, &str, Size); 32] = {
    use Size::{Large, Medium, Small, Tiny};
    [
        ("Alder & Finch Brewing", 0, "US", Medium),
        ("Baltic Crane Works", 0, "PL", Large),
        ("Cascade Paper", 0, "CA", Medium),
        ("Dornfeld Pumpen GmbH", 0, "DE", Medium),
        ("Estrada Ceramics", 0, "ES", Small),
        ("Fjordline Aluminium", 0, "NO", Large),
        ("Goldfinch Bakeries", 1, "GB", Medium),
        ("Halden Outdoor", 1, "SE", Small),
        ("Indigo Books", 1, "US", Small),
        ("Juniper Home", 1, "US", Medium),
        ("Kaiser Schuhe", 1, "DE", Small),
        ("Little Orchard", 1, "GB", Tiny),
        ("Meridian Freight", 2, "US", Large),
        ("Northgate Couriers", 2, "GB", Medium),
        ("Oleander Shipping", 2, "NL", Medium),
        ("Pelican Parcels", 2, "US", Small),
        ("Quayside Moving", 2, "AU", Small),
        ("Rowan Valley Hospitals", 3, "US", Large),
        ("Saffron Dental Group", 3, "GB", Small),
        ("Tideway Physio", 3, "US", Tiny),
        ("Umbra Diagnostics", 3, "CH", Medium),
        ("Vesper Hospice", 3, "US", Medium),
        ("Westmark Mutual", 4, "US", Large),
        ("Xanten Rückversicherung", 4, "DE", Large),
        ("Yarrow Underwriting", 4, "GB", Medium),
        ("Zephyr Travel Cover", 4, "FR", Small),
        ("Amberlight Software", 5, "US", Medium),
        ("Birchbark Studio", 5, "US", Tiny),
        ("Cobalt Signals", 5, "DE", Small),
        ("Driftwood Analytics", 5, "US", Tiny),
        ("Evergrove Learning", 5, "US", Medium),
        ("Foxglove Forms", 5, "IE", Tiny),
    ]
};

/// How large a deal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    Tiny,
    Small,
    Medium,
    Large,
}

/// Names for the people of invented customers.
pub(super) const GIVEN: [&str; 24] = [
    "Amara", "Bruno", "Carla", "Dmitri", "Elena", "Farid", "Grace", "Hiro", "Imani", "Jorge", "Katya",
    "Liam", "Mina", "Noor", "Otto", "Pia", "Quentin", "Rosa", "Stefan", "Thea", "Uma", "Viktor", "Wanda",
    "Yusuf",
];

/// Family names for the same.
pub(super) const FAMILY: [&str; 24] = [
    "Abara",
    "Bergström",
    "Castellanos",
    "Dubois",
    "Eriksen",
    "Fontaine",
    "Grünwald",
    "Haddad",
    "Ito",
    "Jankowski",
    "Keller",
    "Lindgren",
    "Moretti",
    "Nakamura",
    "O'Brien",
    "Pereira",
    "Quintana",
    "Rossi",
    "Schneider",
    "Takahashi",
    "Ueland",
    "Varga",
    "Whitaker",
    "Zhang",
];
