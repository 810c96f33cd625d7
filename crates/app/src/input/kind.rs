//! Kinds of files: what each holds, its columns, and one to begin with.

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Tickets of the support desk.
    Tickets,
    /// How integrations stand.
    Integrations,
    /// How good the data are.
    Quality,
    /// What contracts did.
    Movements,
    /// When contracts are renewed.
    Renewals,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Tickets, Self::Integrations, Self::Quality, Self::Movements, Self::Renewals];

    /// The word in addresses and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Tickets => "tickets",
            Self::Integrations => "integrations",
            Self::Quality => "data-quality",
            Self::Movements => "movements",
            Self::Renewals => "renewals",
        }
    }

    /// What people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Tickets => "Support tickets",
            Self::Integrations => "Integrations",
            Self::Quality => "Data quality",
            Self::Movements => "Revenue and churn",
            Self::Renewals => "Renewals",
        }
    }

    /// The columns of a file, those that may be left out in brackets.
    #[must_use]
    pub fn columns(self) -> &'static str {
        match self {
            Self::Tickets => "account, external_id, status, [subject, severity, opened_at, solved_at]",
            Self::Integrations => "account, name, status, [failures, tests_failed, note, at]",
            Self::Quality => "account, source, checked, wrong, [on]",
            Self::Movements => "account, kind, on, amount, [currency, external_id, note]",
            Self::Renewals => "account, on, [note]",
        }
    }

    /// A file to begin with: the columns, and a line that shows them.
    #[must_use]
    pub fn template(self) -> &'static str {
        match self {
            Self::Tickets => {
                "account,external_id,status,subject,severity,opened_at,solved_at\r\n\
                 Acme,T-4711,open,Export fails,high,2027-01-04T09:30:00Z,\r\n"
            }
            Self::Integrations => {
                "account,name,status,failures,tests_failed,note,at\r\n\
                 Acme,SAP,failing,4,0,Token ran out,2027-01-04T09:30:00Z\r\n"
            }
            Self::Quality => "account,source,checked,wrong,on\r\nAcme,CRM,200,6,2027-01-04\r\n",
            Self::Movements => {
                "account,kind,on,amount,currency,external_id,note\r\n\
                 Acme,expansion,2027-01-04,\"1,200.50\",USD,INV-17,Second plant\r\n"
            }
            Self::Renewals => "account,on,note\r\nAcme,2028-01-01,Two years\r\n",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}
