//! Who works here and who may what, accounts and contacts, search.

use crate::resource::{
    account, contact, export, invitation, member, merge, profile, search, token, view, workspace,
};

operations! {
    Look => workspace::me;
    Look => workspace::get;
    ManageWorkspace => workspace::rename;
    ManageWorkspace => workspace::contents;
    ManageWorkspace => workspace::remove;
    OwnAccess => workspace::list;
    ManageWorkspace => workspace::create;
    OwnAccess => profile::get;
    OwnAccess => profile::change;
    OwnAccess => profile::change_password;
    OwnAccess => profile::sessions;
    OwnAccess => profile::end_sessions;
    OwnAccess => profile::end_session;
    OwnAccess => profile::leave;
    Look => member::list;
    Look => member::get;
    ManageTeam => member::change;
    ManageTeam => member::remove;
    ManageTeam => invitation::list;
    ManageTeam => invitation::create;
    ManageTeam => invitation::withdraw;
    OwnAccess => token::list;
    OwnAccess => token::create;
    OwnAccess => token::end;
    Look => view::list;
    KeepViews => view::create;
    Look => view::get;
    KeepViews => view::change;
    KeepViews => view::remove;
    Look => account::list;
    Export => export::accounts;
    EditAccounts => account::create;
    Look => account::get;
    EditAccounts => account::change;
    EditAccounts => account::put;
    EditAccounts => merge::accounts;
    Look => merge::account_duplicates;
    EditAccounts => merge::tell_accounts_apart;
    Look => contact::list;
    Export => export::contacts;
    EditAccounts => contact::create;
    Look => contact::get;
    EditAccounts => contact::change;
    EditAccounts => contact::put;
    EditAccounts => merge::contacts;
    Look => merge::contact_duplicates;
    EditAccounts => merge::tell_contacts_apart;
    Look => search::find;
}
