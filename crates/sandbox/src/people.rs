//! Who can sign in, and who may create an account. Everybody is made up.

use crate::place::PlaceKind;

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    pub username: String,
    pub password: String,
    pub name: String,
}

/// Somebody with records here: what the place knows to tell who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    pub name: String,
    pub email: String,
    /// The day of birth, `YYYY-MM-DD`.
    pub birth_date: String,
    pub registration_code: String,
}

/// As whom somebody signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Person {
    /// Sees their own records: the id of their Patient.
    Patient(String),
    /// Works here: the ids of their Practitioner, and of the Organizations that they may act for.
    Staff { practitioner: String, organizations: Vec<String> },
}

/// Why no account was created, in the order of the form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CreateError {
    /// Nobody here has this e-mail, birth date and code together. Which one is wrong stays unsaid.
    NotFound,
    NameTooShort,
    NameTaken,
    PasswordTooShort,
}

struct Account {
    username: String,
    password: String,
    name: String,
    person: Person,
}

struct Known {
    newcomer: Newcomer,
    patient: String,
}

/// The accounts of one place, and the people it knows.
#[derive(Default)]
pub(crate) struct People {
    accounts: Vec<Account>,
    known: Vec<Known>,
}

const PASSWORD: &str = "handrail";

impl People {
    pub(crate) fn of(kind: PlaceKind) -> Self {
        let (prefix, rosa, mai, organization) = match kind {
            PlaceKind::Provider => ("ELM", "rosa-delgado", "mai-tran", "elm-street"),
            PlaceKind::Platform => ("TWO", "trc-10442", "trc-10597", "two-rivers"),
            PlaceKind::Cbo => ("BHF", "guest-207", "guest-311", "bright-harvest"),
        };
        let account = |username: &str, name: &str, person| Account {
            username: username.to_owned(),
            password: PASSWORD.to_owned(),
            name: name.to_owned(),
            person,
        };
        let known = |name: &str, email: &str, born: &str, code: &str, patient: &str| Known {
            newcomer: Newcomer {
                name: name.to_owned(),
                email: email.to_owned(),
                birth_date: born.to_owned(),
                registration_code: format!("{prefix}-{code}"),
            },
            patient: patient.to_owned(),
        };
        let staff = |practitioner: &str, organizations: &[&str]| Person::Staff {
            practitioner: practitioner.to_owned(),
            organizations: organizations.iter().map(|&id| id.to_owned()).collect(),
        };
        Self {
            accounts: vec![
                account("rosa", "Rosa Delgado", Person::Patient(rosa.to_owned())),
                account("colin", "Colin Abbas", Person::Patient("pat-53234".to_owned())),
                account("sam", "Sam Okafor", staff("sam-okafor", &[organization])),
                // Staff of those who help, whom the clinic and the platform let see what they ask of them.
                account("priya", "Priya Nair", staff("priya-nair", &["bright-harvest"])),
                account(
                    "lena",
                    "Lena Marsh",
                    staff("lena-marsh", &["bright-harvest", "open-door"]),
                ),
                // No PractitionerRole says where she works; the place knows it all the same.
                account("noor", "Noor Haddad", staff("noor-haddad", &["open-door"])),
            ],
            known: vec![
                known("Mai Tran", "mai.tran@mail.example", "1997-11-02", "4821", mai),
                known("Rosa Delgado", "rosa.delgado@mail.example", "1988-05-14", "7350", rosa),
            ],
        }
    }

    pub(crate) fn list_sign_ins(&self) -> Vec<SignIn> {
        let shown = |account: &Account| SignIn {
            username: account.username.clone(),
            password: account.password.clone(),
            name: account.name.clone(),
        };
        self.accounts.iter().map(shown).collect()
    }

    pub(crate) fn list_newcomers(&self) -> Vec<Newcomer> {
        self.known.iter().map(|known| known.newcomer.clone()).collect()
    }

    /// Finds who has this user name and password.
    pub(crate) fn find_person(&self, username: &str, password: &str) -> Option<(String, Person)> {
        self.accounts
            .iter()
            .find(|account| account.username == username.trim() && account.password == password)
            .map(|account| (account.name.clone(), account.person.clone()))
    }

    /// Creates an account for somebody whom the place knows by all three of their details.
    pub(crate) fn create_account(
        &mut self,
        email: &str,
        birth_date: &str,
        code: &str,
        username: &str,
        password: &str,
    ) -> Result<(String, Person), CreateError> {
        let known = self.known.iter().find(|known| {
            known.newcomer.email.eq_ignore_ascii_case(email.trim())
                && known.newcomer.birth_date == birth_date.trim()
                && known.newcomer.registration_code.eq_ignore_ascii_case(code.trim())
        });
        let known = known.ok_or(CreateError::NotFound)?;
        let username = username.trim();
        if username.chars().count() < 3 {
            return Err(CreateError::NameTooShort);
        }
        if self.accounts.iter().any(|account| account.username == username) {
            return Err(CreateError::NameTaken);
        }
        if password.chars().count() < 8 {
            return Err(CreateError::PasswordTooShort);
        }
        let account = Account {
            username: username.to_owned(),
            password: password.to_owned(),
            name: known.newcomer.name.clone(),
            person: Person::Patient(known.patient.clone()),
        };
        let created = (account.name.clone(), account.person.clone());
        self.accounts.push(account);
        Ok(created)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_needs_all_three_details_to_match() {
        let mut people = People::of(PlaceKind::Provider);
        let mail = "mai.tran@mail.example";

        let wrong = people.create_account(mail, "1997-11-03", "ELM-4821", "maitran", "long enough");
        let right = people.create_account(mail, "1997-11-02", "elm-4821", "maitran", "long enough");

        assert_eq!(wrong, Err(CreateError::NotFound));
        assert_eq!(right, Ok(("Mai Tran".into(), Person::Patient("mai-tran".into()))));
        assert!(people.find_person("maitran", "long enough").is_some());
    }

    #[test]
    fn a_taken_name_is_refused() {
        let mut people = People::of(PlaceKind::Provider);

        let again = people.create_account(
            "mai.tran@mail.example",
            "1997-11-02",
            "ELM-4821",
            "rosa",
            "long enough",
        );

        assert_eq!(again, Err(CreateError::NameTaken));
    }
}
