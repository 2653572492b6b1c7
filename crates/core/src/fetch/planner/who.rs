//! A look of an organization: who they are, what is theirs, and what became of what they were told before.

use std::collections::BTreeMap;

use handrail_contract::place::Role;
use serde_json::Value;

use super::{Access, List, ListState, Planner, SkipReason, Way};
use crate::fetch::{
    Arrived, choose_employers,
    plan::{Whose, check_whose, type_of},
    staff,
};

impl Planner {
    /// Whether it is known for whom the lists are asked; asks for that where it is not, one thing after the other. A
    /// whole look asks anew.
    pub(super) fn knows_who(&mut self) -> bool {
        self.errand.role == Role::Patient
            || self.knows_roles() && self.knows_choices() && self.knows_services()
    }

    /// The Organizations that somebody acts for, as far as this look knows.
    pub(super) fn employers(&self) -> Vec<&str> {
        choose_employers(&self.fetched.organizations, &self.errand.chosen)
    }

    fn knows_roles(&mut self) -> bool {
        let is_kept =
            || !choose_employers(&self.errand.organizations, &self.errand.chosen).is_empty();
        if !self.whole_look && is_kept() {
            return true;
        }
        let Some(search) = staff::roles_search(&self.errand) else { return true };
        match self.ask_once(staff::ROLES, &search) {
            ListState::Reading => return false,
            ListState::Read => {
                let roles = self.fetched.arrived.iter().filter(|it| it.kind == "PractitionerRole");
                let mut found: Vec<String> = roles
                    .filter_map(|role| staff::read_organization(&role.body.read(), &self.errand))
                    .collect();
                found.sort();
                found.dedup();
                self.fetched.organizations = found;
            }
            // Who could not be asked stays who they were.
            ListState::CutOff | ListState::Failed => {}
        }
        true
    }

    /// Where no role says it, the place's own list is there to choose from; again at each whole look, so that another
    /// one can be chosen.
    fn knows_choices(&mut self) -> bool {
        let is_chosen = !self.whole_look && !self.errand.chosen.is_empty();
        if !self.fetched.organizations.is_empty() || is_chosen {
            return true;
        }
        let may_ask = self.why_not("Organization", Access::Search).is_none();
        !may_ask || self.ask_once(staff::EMPLOYERS, "Organization") != ListState::Reading
    }

    /// What they provide: a referral may be given to a service of theirs. Where the place does not list services, what is
    /// given to one is not found.
    fn knows_services(&mut self) -> bool {
        let employers = self.employers();
        let may_ask = self.why_not("HealthcareService", Access::Search).is_none();
        if employers.is_empty() || !self.whole_look || !may_ask {
            return true;
        }
        let search = staff::services_search(&employers);
        match self.ask_once(staff::SERVICES, &search) {
            ListState::Reading => return false,
            ListState::Read => {
                let (employers, base) = (self.employers(), &self.errand.base);
                let came = self.fetched.arrived.iter().filter(|it| it.kind == "HealthcareService");
                let own = came
                    .filter_map(|it| staff::read_service(&it.body.read(), &employers, base))
                    .collect();
                self.fetched.services = own;
            }
            ListState::CutOff | ListState::Failed => {}
        }
        true
    }

    /// How far a list is that everything else waits for; asks for it where that was not done yet.
    fn ask_once(&mut self, name: &str, search: &str) -> ListState {
        if !self.lists.contains_key(name) {
            self.add_list(name, List::new(search.to_owned(), true));
        }
        self.lists.get(name).map_or(ListState::Failed, |list| list.state)
    }

    /// Begins the lists, and asks what became of what is kept.
    pub(super) fn begin_staff_lists(&mut self) {
        let employers = self.employers();
        if employers.is_empty() {
            return self.skip_for_now("PractitionerRole", SkipReason::Gone, 0);
        }
        for (name, search) in staff::searches(&employers, &self.fetched.services) {
            // Not every place can tell what nobody has, or what was given to a service.
            let is_extra = !matches!(&*name, staff::OWN | staff::ASKED);
            self.begin_list(&name, search, is_extra);
        }
        self.begin_polls();
    }

    /// The guide, refer-4: "the receiving party SHOULD use the batch query process to request periodic updates of
    /// referenced resources". A whole look reads them anyway.
    fn begin_polls(&mut self) {
        let server_time = self.errand.cursors.at(staff::OWN).and_then(|cursor| cursor.server_time);
        let Some(since) = server_time.filter(|_| !self.whole_look) else { return };
        let mut ids: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (kind, id) in &self.known {
            ids.entry(kind).or_default().push(id);
        }
        let mut polls: Vec<(String, String)> = Vec::new();
        for kind in staff::POLLED {
            let Some(ids) = ids.get_mut(kind) else { continue };
            ids.sort_unstable();
            ids.truncate(staff::MOST_POLLED);
            for (number, part) in ids.chunks(staff::POLLED_AT_ONCE).enumerate() {
                polls.push((
                    format!("{kind}?known-{number}"),
                    format!("{kind}?_id={}", part.join(",")),
                ));
            }
        }
        for (name, search) in polls {
            if self.why_not(type_of(&name), Access::Search).is_none() {
                self.add_list(&name, List { way: Way::Delta(since), ..List::new(search, true) });
            }
        }
    }

    /// Whose a resource is that came; `body` is what was read of it.
    pub(super) fn whose(&self, arrived: &Arrived, body: &Value) -> Whose {
        let Arrived { kind, id, .. } = arrived;
        let base = &self.errand.base;
        match self.errand.role {
            Role::Patient => {
                let patient = self.errand.patient.as_deref().unwrap_or_default();
                check_whose(kind, id, body, patient, base)
            }
            Role::Organization if kind == "Task" => {
                staff::check_task(body, &self.employers(), &self.fetched.services, base)
            }
            // It is reached by references of their Tasks only.
            Role::Organization => Whose::Ours,
        }
    }

    /// What is somebody else's is not kept; what was an organization's and was given to another goes.
    pub(super) fn leave_to_others(&mut self, arrived: &Arrived) {
        let key = (arrived.kind.clone(), arrived.id.clone());
        if self.errand.role == Role::Organization && self.known.contains(&key) {
            self.fetched.gone.push(key);
        } else {
            self.skip(&arrived.kind, SkipReason::AnotherPerson, 1);
        }
    }
}
