//! What says nothing about anyone, and the ways in.

use gangway_app::identity::CALLBACK;

use super::Access::{Entrance, Public};
use crate::pages::access::{join, provider, reset, setup, sign_in};
use crate::{HEALTH_PATH, READY_PATH, assets, healthy, ready};

routes! {
    get HEALTH_PATH, Public => healthy;
    get READY_PATH, Public => ready;
    get assets::style_path(), Public => assets::style;
    get assets::script_path(), Public => assets::script;
    get assets::icons_path(), Public => assets::icons;
    get assets::ICON_PATH, Public => assets::icon;
    get assets::OLD_ICON_PATH, Public => assets::old_icon;

    get "/setup", Entrance => setup::show;
    post "/setup", Entrance => setup::create;
    get "/sign-in", Entrance => sign_in::show;
    post "/sign-in", Entrance => sign_in::create;
    get "/sign-in/provider", Entrance => provider::leave;
    get CALLBACK, Entrance => provider::come_back;
    post "/sign-in/demo", Entrance => sign_in::as_demo_person;
    post "/sign-out", Entrance => sign_in::end;
    get "/forgot-password", Entrance => reset::ask;
    post "/forgot-password", Entrance => reset::send;
    get "/reset/{secret}", Entrance => reset::show;
    post "/reset/{secret}", Entrance => reset::create;
    get "/join/{secret}", Entrance => join::show;
    post "/join/{secret}", Entrance => join::create;
}
