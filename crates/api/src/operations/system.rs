//! The audit log, CRMs and webhooks.

use crate::resource::{activity, crm, hook, webhook};

operations! {
    ReadAudit => activity::list;
    ManageIntegrations => hook::list;
    ManageIntegrations => hook::create;
    ManageIntegrations => hook::end;
    HandOver => crm::list;
    ManageIntegrations => crm::put;
    ManageIntegrations => crm::end;
    HandOver => crm::deals;
    HandOver => crm::pick;
    ManageIntegrations => webhook::list;
    ManageIntegrations => webhook::create;
    ManageIntegrations => webhook::get;
    ManageIntegrations => webhook::change;
    ManageIntegrations => webhook::rotate;
    ManageIntegrations => webhook::test;
    ManageIntegrations => webhook::remove;
    ManageIntegrations => webhook::deliveries;
    ManageIntegrations => webhook::delivery;
    ManageIntegrations => webhook::replay;
}
