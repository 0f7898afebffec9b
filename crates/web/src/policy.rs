//! Who may call what: every route of the console, in one table.
//!
//! The router is built from this table and from nothing else, so that a route without a rule cannot exist. A rule says
//! which roles may knock; whether this very file or session is theirs is asked again by the use case (`app::console`).

use std::sync::Arc;

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::console::Console;
use crate::{assets, language, routes as at};

pub(crate) use app::console::Role;

/// Who may knock at a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The public.
    Anyone,
    /// Whoever has signed in.
    SignedIn,
    /// Whoever holds one of these roles.
    Holding(&'static [Role]),
    /// A token with this scope, of somebody who holds this role.
    Token(&'static str, Role),
    /// This machine, or who knows the operator's token.
    Operator,
}

impl Who {
    /// Whether somebody with these roles may knock; `None` is the public.
    pub fn admits(self, roles: Option<&[Role]>) -> bool {
        match (self, roles) {
            (Self::Anyone, _) | (Self::SignedIn, Some(_)) => true,
            (Self::Holding(asked), Some(held)) => held.iter().any(|role| asked.contains(role)),
            _ => false,
        }
    }
}

/// One route with its rule.
pub struct Declared {
    pub method: Method,
    pub path: &'static str,
    pub who: Who,
    pub(crate) serve: MethodRouter<Arc<Console>>,
}

const CANDIDATE: Who = Who::Holding(&[Role::Candidate]);
const COACH: Who = Who::Holding(&[Role::Coach]);
const JUROR: Who = Who::Holding(&[Role::Juror]);
const INVIGILATOR: Who = Who::Holding(&[Role::Invigilator]);
const CERTIFIER: Who = Who::Holding(&[Role::Certifier]);
const COMPANY: Who = Who::Holding(&[Role::CompanyReader]);
const ADMINISTRATOR: Who = Who::Holding(&[Role::Administrator]);

fn route<H, T>(method: Method, filter: MethodFilter, path: &'static str, who: Who, handler: H) -> Declared
where
    H: Handler<T, Arc<Console>>,
    T: 'static,
{
    Declared { method, path, who, serve: on(filter, handler) }
}

fn get<H, T>(path: &'static str, who: Who, handler: H) -> Declared
where
    H: Handler<T, Arc<Console>>,
    T: 'static,
{
    route(Method::GET, MethodFilter::GET, path, who, handler)
}

fn post<H, T>(path: &'static str, who: Who, handler: H) -> Declared
where
    H: Handler<T, Arc<Console>>,
    T: 'static,
{
    route(Method::POST, MethodFilter::POST, path, who, handler)
}

/// The scope of tokens that read sessions and their results.
const SESSIONS: &str = "sessions:read";

/// The scope of tokens that manage webhooks.
pub(crate) const WEBHOOKS: &str = "webhooks:manage";

/// The scope of tokens that hand in records of runs.
pub(crate) const PROOFS: &str = "proofs:write";

/// The scope of tokens that move orals.
pub(crate) const ORALS: &str = "orals:write";

/// The table.
pub fn table() -> Vec<Declared> {
    use Who::{Anyone, Operator, SignedIn, Token};
    vec![
        // The public.
        get("/", Anyone, at::home::home),
        get("/titles", Anyone, at::titles::titles),
        get("/titles/{id}", Anyone, at::titles::title),
        get("/titles/{id}/{version}", Anyone, at::rules::rules),
        get("/verify", Anyone, at::verify::verify),
        get("/verify/{code}", Anyone, at::verify::of_code),
        // What issuers publish, at the addresses that their credentials name.
        get("/issuers/{id}/did.json", Anyone, at::issuers::document),
        get("/issuers/{id}/status/{list}", Anyone, at::issuers::status),
        get("/issuers/{id}/log/checkpoint", Anyone, at::issuers::checkpoint),
        get("/issuers/{id}/log/entries", Anyone, at::issuers::entries),
        get("/language", Anyone, language::choose),
        get("/assets/{name}", Anyone, assets::asset),
        // Anybody's public repository, where the operator offers it.
        get("/look", Anyone, at::look::show),
        post("/look", Anyone, at::look::ask),
        get("/look/{id}", Anyone, at::look::one),
        get("/look/{id}/events", Anyone, at::look::events),
        // Signing in and out.
        get("/sign-in", Anyone, at::sign_in::show),
        post("/sign-in", Anyone, at::sign_in::enter),
        get("/sign-in/provider", Anyone, at::provider::begin),
        get("/sign-in/back", Anyone, at::provider::back),
        post("/sign-out", SignedIn, at::sign_in::leave),
        post("/demo/enter", Anyone, at::sign_in::play),
        get("/forgot", Anyone, at::sign_in::forgot),
        post("/forgot", Anyone, at::sign_in::send_link),
        get("/link/{secret}", Anyone, at::sign_in::link),
        post("/link/{secret}", Anyone, at::sign_in::use_link),
        // Let in for the first time: the first administrator, whoever is invited to a session.
        get("/welcome/{secret}", Anyone, at::welcome::first),
        post("/welcome/{secret}", Anyone, at::welcome::found),
        get("/invitation/{secret}", Anyone, at::welcome::invitation),
        post("/invitation/{secret}", Anyone, at::welcome::accept),
        get("/account", SignedIn, at::verify::account),
        get("/account/export", SignedIn, at::verify::export),
        // Looks at the project of a file that is theirs to see.
        get("/jobs/{id}", SignedIn, at::jobs::one),
        get("/jobs/{id}/events", SignedIn, at::jobs::events),
        // Papers and what is built of them, for whom they are: the jury and the certifier of that very file.
        get("/files/{id}/{digest}", SignedIn, at::built::download),
        get("/recordings/{id}/{digest}", SignedIn, at::recordings::replay),
        // Candidates: their own files.
        get("/candidate", CANDIDATE, at::candidate::dashboard),
        get("/candidate/{id}", CANDIDATE, at::candidate::file),
        post("/candidate/{id}/project", CANDIDATE, at::candidate::name_project),
        post("/candidate/{id}/hand-in", CANDIDATE, at::candidate::hand_in),
        post("/candidate/{id}/assess", CANDIDATE, at::jobs::ask_own),
        get("/candidate/{id}/evidence", CANDIDATE, at::jobs::evidence),
        post("/candidate/{id}/papers/{paper}", CANDIDATE, at::candidate::paper),
        post("/candidate/{id}/documents", CANDIDATE, at::candidate::document),
        get("/candidate/{id}/adjustment", CANDIDATE, at::adjustments::ask_form),
        post("/candidate/{id}/adjustment", CANDIDATE, at::adjustments::ask),
        get("/candidate/{id}/appeal", CANDIDATE, at::appeals::file_form),
        post("/candidate/{id}/appeal", CANDIDATE, at::appeals::file),
        post("/candidate/{id}/withdraw", CANDIDATE, at::seating::withdraw),
        post("/candidate/{id}/frauds/{report}", CANDIDATE, at::frauds::speak),
        get("/candidate/{id}/proofs", CANDIDATE, at::proofs::own),
        post("/candidate/{id}/proofs", CANDIDATE, at::proofs::file),
        get("/candidate/{id}/recordings", CANDIDATE, at::recordings::own),
        post("/candidate/{id}/recordings", CANDIDATE, at::recordings::file),
        get("/candidate/{id}/messages", CANDIDATE, at::messages::own),
        post("/candidate/{id}/messages", CANDIDATE, at::messages::write_own),
        get("/candidate/{id}/credential/{form}", CANDIDATE, at::issuers::download),
        // Coaches: the people of their cohorts.
        get("/coach", COACH, at::coach::cohort),
        get("/coach/export.csv", COACH, at::coach::export),
        get("/coach/{id}", COACH, at::coach::one),
        post("/coach/{id}/messages", COACH, at::messages::write_coach),
        // Jurors: the files that they judge.
        get("/jury", JUROR, at::jury::sessions),
        get("/jury/{id}", JUROR, at::jury::file),
        post("/jury/{id}/sheet", JUROR, at::jury::save),
        post("/jury/{id}/assess", JUROR, at::jobs::ask_judged),
        post("/jury/{id}/build", JUROR, at::built::by_juror),
        get("/jury/{id}/timer", JUROR, at::timer::timer),
        post("/jury/{id}/timer", JUROR, at::timer::turn_timer),
        get("/jury/{id}/deliberation", JUROR, at::deliberation::show),
        post("/jury/{id}/deliberation", JUROR, at::deliberation::agree),
        post("/jury/{id}/conflict", JUROR, at::seating::stand_aside),
        post("/jury/{id}/fraud", JUROR, at::frauds::by_juror),
        // Whoever sits on the panel of an appeal, juror or certifier.
        get("/appeals/{id}", SignedIn, at::appeals::hear),
        post("/appeals/{id}", SignedIn, at::appeals::answer),
        // Invigilators: the sessions that run in their organisation.
        get("/invigilation", INVIGILATOR, at::invigilation::sessions),
        post("/invigilation/{id}/fraud", INVIGILATOR, at::frauds::by_invigilator),
        // Certifiers: the sessions of their organisation.
        get("/certifier", CERTIFIER, at::certifier::overview),
        get("/certifier/journal", CERTIFIER, at::journal::own),
        get("/certifier/statistics", CERTIFIER, at::statistics::overview),
        get("/certifier/statistics/{table}", CERTIFIER, at::statistics::export),
        get("/certifier/titles/new", CERTIFIER, at::titling::new),
        post("/certifier/titles", CERTIFIER, at::titling::create),
        get("/certifier/titles/{id}", CERTIFIER, at::titling::title),
        get("/certifier/titles/{id}/questions", CERTIFIER, at::questions::show),
        get("/certifier/titles/{id}/questions/new", CERTIFIER, at::questions::new),
        post("/certifier/titles/{id}/questions", CERTIFIER, at::questions::write),
        post("/certifier/titles/{id}/questions/{question}", CERTIFIER, at::questions::retire),
        post("/certifier/titles/{id}/keys", CERTIFIER, at::proofs::trust),
        get("/certifier/titles/{id}/version", CERTIFIER, at::titling::new_version),
        post("/certifier/titles/{id}/version", CERTIFIER, at::titling::add_version),
        get("/certifier/cohorts/new", CERTIFIER, at::planning::new_cohort),
        post("/certifier/cohorts", CERTIFIER, at::planning::make_cohort),
        get("/certifier/sessions/new", CERTIFIER, at::planning::new_session),
        post("/certifier/sessions", CERTIFIER, at::planning::make_session),
        get("/certifier/sessions/{id}", CERTIFIER, at::session::session),
        get("/certifier/sessions/{id}/statistics", CERTIFIER, at::statistics::session),
        get("/certifier/sessions/{id}/statistics/{table}", CERTIFIER, at::statistics::export_session),
        get("/certifier/sessions/{id}/plan", CERTIFIER, at::planning::plan),
        post("/certifier/sessions/{id}/plan", CERTIFIER, at::planning::change_plan),
        post("/certifier/sessions/{id}/cancel", CERTIFIER, at::planning::cancel),
        get("/certifier/sessions/{id}/import", CERTIFIER, at::enrolling::import_form),
        post("/certifier/sessions/{id}/import", CERTIFIER, at::enrolling::import),
        get("/certifier/sessions/{id}/candidates.csv", CERTIFIER, at::enrolling::export),
        get("/certifier/sessions/{id}/invite", CERTIFIER, at::enrolling::invite_form),
        post("/certifier/sessions/{id}/invite", CERTIFIER, at::enrolling::invite),
        post("/certifier/sessions/{id}/admit", CERTIFIER, at::enrolling::admit_all),
        post("/certifier/sessions/{id}/orals", CERTIFIER, at::enrolling::orals),
        post("/certifier/sessions/{id}/step", CERTIFIER, at::session::step),
        post("/certifier/sessions/{id}/jury", CERTIFIER, at::session::appoint),
        post("/certifier/sessions/{id}/jury/seat", CERTIFIER, at::seating::unseat),
        get("/certifier/enrolments/{id}", CERTIFIER, at::enrolled::one),
        post("/certifier/enrolments/{id}/build", CERTIFIER, at::built::by_certifier),
        get("/certifier/enrolments/{id}/oral", CERTIFIER, at::orals::show),
        post("/certifier/enrolments/{id}/oral", CERTIFIER, at::orals::change),
        post("/certifier/enrolments/{id}/messages", CERTIFIER, at::messages::write_certifier),
        get("/certifier/enrolments/{id}/adjustment", CERTIFIER, at::adjustments::enter_form),
        post("/certifier/enrolments/{id}/adjustment", CERTIFIER, at::adjustments::enter),
        post("/certifier/enrolments/{id}/adjustments/{nth}", CERTIFIER, at::adjustments::decide),
        post("/certifier/enrolments/{id}/fraud", CERTIFIER, at::frauds::by_certifier),
        post("/certifier/enrolments/{id}/frauds/{report}", CERTIFIER, at::frauds::answer),
        post("/certifier/enrolments/{id}/frauds/{report}/hearing", CERTIFIER, at::frauds::write_down),
        post("/certifier/appeals/{id}", CERTIFIER, at::appeals::examine),
        post("/certifier/enrolments/{id}/admit", CERTIFIER, at::session::admit),
        post("/certifier/enrolments/{id}/away", CERTIFIER, at::enrolling::turn_away),
        post("/certifier/enrolments/{id}/report", CERTIFIER, at::enrolling::report),
        post("/certifier/enrolments/{id}/documents", CERTIFIER, at::session::document),
        post("/certifier/awards/{id}/renew", CERTIFIER, at::certifier::renew),
        post("/certifier/awards/{id}/revoke", CERTIFIER, at::certifier::revoke),
        // Where their organisation is told what happens.
        get("/certifier/webhooks", CERTIFIER, at::webhooks::list),
        get("/certifier/webhooks/new", CERTIFIER, at::webhooks::new),
        post("/certifier/webhooks", CERTIFIER, at::webhooks::add),
        get("/certifier/webhooks/{id}", CERTIFIER, at::webhooks::one),
        post("/certifier/webhooks/{id}/test", CERTIFIER, at::webhooks::test),
        post("/certifier/webhooks/{id}/rotate", CERTIFIER, at::webhooks::rotate),
        post("/certifier/webhooks/{id}/remove", CERTIFIER, at::webhooks::remove),
        // Companies: their own people.
        get("/company", COMPANY, at::company::holders),
        // Administrators.
        get("/admin", ADMINISTRATOR, at::admin::overview),
        get("/admin/organisations/new", ADMINISTRATOR, at::admin::new_organisation),
        post("/admin/organisations", ADMINISTRATOR, at::admin::make_organisation),
        get("/admin/people/new", ADMINISTRATOR, at::admin::new_person),
        post("/admin/people", ADMINISTRATOR, at::admin::invite),
        get("/admin/people/{id}", ADMINISTRATOR, at::admin::person),
        post("/admin/people/{id}/roles", ADMINISTRATOR, at::admin::change_role),
        post("/admin/people/{id}/link", ADMINISTRATOR, at::admin::remind),
        get("/admin/services/new", ADMINISTRATOR, at::services::new),
        post("/admin/services", ADMINISTRATOR, at::services::make),
        post("/admin/people/{id}/tokens", ADMINISTRATOR, at::services::make_token),
        post("/admin/people/{id}/tokens/{token}", ADMINISTRATOR, at::services::revoke_token),
        post("/admin/people/{id}/erase", ADMINISTRATOR, at::admin::erase),
        // What everybody did, whatever their organisation.
        get("/admin/journal", ADMINISTRATOR, at::journal::all),
        // Programs.
        get("/api", Anyone, at::api::about),
        get("/api/v1/openapi.json", Anyone, at::api::description),
        get("/api/v1/titles", Anyone, at::api::titles),
        get("/api/v1/titles/{id}", Anyone, at::api::title),
        get("/api/v1/awards/{code}", Anyone, at::api::award),
        get("/api/v1/sessions", Token(SESSIONS, Role::Certifier), at::api::sessions),
        get("/api/v1/sessions/{id}/results", Token(SESSIONS, Role::Certifier), at::api::results),
        post("/api/v1/enrolments/{id}/proofs", Token(PROOFS, Role::Certifier), at::proofs::api_file),
        post("/api/v1/enrolments/{id}/oral", Token(ORALS, Role::Certifier), at::orals::api_change),
        get("/api/v1/webhooks", Token(WEBHOOKS, Role::Certifier), at::webhooks::api_list),
        post("/api/v1/webhooks", Token(WEBHOOKS, Role::Certifier), at::webhooks::api_add),
        get("/api/v1/webhooks/{id}/deliveries", Token(WEBHOOKS, Role::Certifier), at::webhooks::api_deliveries),
        post("/api/v1/webhooks/{id}/test", Token(WEBHOOKS, Role::Certifier), at::webhooks::api_test),
        post("/api/v1/webhooks/{id}/rotate", Token(WEBHOOKS, Role::Certifier), at::webhooks::api_rotate),
        post("/api/v1/webhooks/{id}/remove", Token(WEBHOOKS, Role::Certifier), at::webhooks::api_remove),
        post("/account/tokens", CERTIFIER, at::api::make_token),
        post("/account/tokens/{id}/revoke", CERTIFIER, at::api::revoke_token),
        // The machine.
        get("/healthz", Anyone, at::health::alive),
        get("/readyz", Anyone, at::health::ready),
        get("/metrics", Operator, at::health::metrics),
    ]
}
