//! What a stakeholder still has to do in the plan, and whom it can be given to.

use gangway_app::identity::Session;
use gangway_app::work;
use gangway_domain::ids::ContactId;
use gangway_domain::permission::Action;
use gangway_domain::work::{Assignee, RunningTask};
use gangway_store::onboarding::head::Head;

use crate::Web;
use crate::format::Day;
use crate::pages::Choice;
use crate::pages::failure::Failure;
use crate::pages::onboarding::top::{Top, is_over};
use crate::pages::onboarding::work::task::assignees;
use crate::pages::onboarding::work::task_state;

/// The open tasks of a stakeholder as their page shows them.
pub(super) struct Duties {
    pub tasks: Vec<Duty>,
    /// Of the plan as it was looked at.
    pub revision: i64,
    /// Who could do them instead.
    pub others: Vec<Choice>,
    pub may_give: bool,
}

/// One of them.
pub(super) struct Duty {
    pub code: String,
    pub name: String,
    pub href: String,
    pub by: Day,
    pub state: (&'static str, &'static str),
}

impl Duties {
    pub(super) async fn of(
        web: &Web,
        session: &Session,
        head: &Head,
        top: &Top,
        who: ContactId,
    ) -> Result<Self, Failure> {
        let stored = work::sight(&web.app, &session.actor, head.id).await?.stored;
        let open = stored.plan.tasks.iter().filter(|task| !task.state.is_over());
        let theirs = open.filter(|task| task.assignee.as_ref().and_then(Assignee::contact) == Some(who));
        let duty = |task: &RunningTask| {
            let id = stored.tasks.get(&task.code)?.id;
            Some(Duty {
                code: task.code.clone(),
                name: task.name.clone(),
                href: top.to(&format!("/tasks/{id}")),
                by: task.finish.into(),
                state: task_state(task.state.word()),
            })
        };
        let tasks: Vec<Duty> = theirs.filter_map(duty).collect();
        let may_give = !tasks.is_empty() && session.actor.may(Action::RunOnboarding) && !is_over(head);
        let others = if may_give {
            let (members, mut contacts) = work::assignable(&web.app, &session.actor, head).await?;
            contacts.retain(|(id, _)| *id != who);
            assignees(members, contacts, None)
        } else {
            Vec::new()
        };
        Ok(Self { tasks, revision: stored.revision, others, may_give })
    }
}
