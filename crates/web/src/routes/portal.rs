//! What guests see, and the links they are sent.

use super::Access::{Entrance, Guest, Public};
use crate::assets;
use crate::pages::portal::{
    brand, changes, deed, embed, enter, form, home, issues, launch, outcome, plan, sharing, survey, tasks,
    todo, training, unsubscribe,
};

routes! {
    get assets::portal_style_path(), Public => assets::portal_style;
    get "/portal/closed", Entrance => enter::closed;
    post "/portal/closed", Entrance => enter::send_link;
    get "/portal/{secret}", Entrance => enter::show;
    post "/portal/{secret}", Entrance => enter::open;
    post "/portal/{secret}/code", Entrance => enter::code;
    post "/portal/{secret}/again", Entrance => enter::again;
    get "/portal/brand/{workspace}/{version}/brand.css", Entrance => brand::style;
    get "/portal/brand/{workspace}/{version}/logo", Entrance => brand::logo;
    get "/portal", Guest => home::show;
    post "/portal/closing", Guest => enter::close;
    get "/portal/plan", Guest => plan::show;
    get "/survey/{token}", Entrance => survey::by_link;
    post "/survey/{token}", Entrance => survey::keep_by_link;
    get "/unsubscribe/{token}", Entrance => unsubscribe::show;
    post "/unsubscribe/{token}", Entrance => unsubscribe::change;
    get "/portal/surveys/{id}", Guest => survey::show;
    post "/portal/surveys/{id}", Guest => survey::keep;
    get "/portal/forms", Guest => form::list;
    get "/portal/forms/{id}", Guest => form::show;
    post "/portal/forms/{id}", Guest => form::keep;
    post "/portal/forms/{id}/files/{field}", Guest => form::put_file;
    post "/portal/forms/{id}/files/{field}/removal", Guest => form::take_file_out;
    get "/portal/forms/{id}/files/{field}/template", Guest => form::template;
    get "/portal/todo", Guest => todo::show;
    get "/portal/approvals", Guest => todo::approvals;
    get "/portal/launch", Guest => launch::show;
    post "/portal/launch/approvals", Guest => launch::approve;
    post "/portal/launch/stable", Guest => launch::stable;
    get "/portal/issues", Guest => issues::show;
    post "/portal/issues", Guest => issues::report;
    get "/portal/changes/{request}", Guest => changes::show;
    post "/portal/changes/{request}", Guest => changes::decide;
    get "/portal/tasks/{task}", Guest => tasks::show;
    post "/portal/tasks/{task}/completion", Guest => tasks::finish;
    post "/portal/tasks/{task}/reopening", Guest => tasks::reopen;
    post "/portal/tasks/{task}/comments", Guest => tasks::comment;
    post "/portal/tasks/{task}/files", Guest => tasks::add_file;
    post "/portal/tasks/{task}/colleague", Guest => tasks::delegate;
    get "/portal/files/{file}", Guest => tasks::file;
    get "/portal/meetings", Guest => sharing::meetings;
    get "/portal/meetings/{meeting}/calendar.ics", Guest => sharing::calendar;
    get "/portal/documents", Guest => sharing::documents;
    get "/portal/documents/{name}", Guest => sharing::document;
    get "/portal/documents/{name}/file", Guest => sharing::document_file;
    get "/portal/status/{report}", Guest => sharing::report;
    get "/portal/outcomes", Guest => outcome::list;
    get "/portal/outcomes/{outcome}", Guest => outcome::show;
    post "/portal/outcomes/{outcome}/agreement", Guest => outcome::agree;
    post "/portal/outcomes/{outcome}/answer", Guest => outcome::answer;
    get "/portal/outcomes/{outcome}/files/{file}", Guest => outcome::file;
    get "/portal/training", Guest => training::show;
    post "/portal/training/{track}/lessons", Guest => training::study;
    get "/portal/training/{track}/assessment", Guest => training::questions;
    post "/portal/training/{track}/assessment", Guest => training::answer;
    get "/portal/training/{track}/follow-up", Guest => training::follow_up;
    post "/portal/training/{track}/follow-up", Guest => training::answer_again;
    get "/portal/training/sessions/{session}/calendar.ics", Guest => training::calendar;
    post "/portal/training/sessions/{session}/rating", Guest => training::rate;
    get "/portal/training/certificates/{certificate}", Guest => training::certificate;
    get "/portal/training/library/{entry}", Guest => training::file;
    get "/portal/people", Guest => sharing::people;
    post "/portal/people", Guest => sharing::invite;
    get "/portal/do/{secret}", Entrance => deed::show;
    post "/portal/do/{secret}", Entrance => deed::perform;
    get "/embed/{secret}", Entrance => embed::show;
}
