//! The sandbox on its own: three referral sources on loopback until Ctrl-C.
#![expect(clippy::print_stdout, reason = "this program owns its terminal")]

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::{Parser, ValueEnum};
use handrail_sandbox::{Options, Place, Rotation, Sandbox, codes};

/// Three referral sources in one process: a clinic, a coordination platform and a food bank. All people in it are made up.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The ports of the clinic, the platform and the food bank; 0 takes any free one.
    #[arg(long, value_name = "A,B,C", value_parser = parse_ports, default_value = "8461,8462,8463")]
    ports: Ports,
    /// Write each place's code as a PNG into this folder.
    #[arg(long, value_name = "DIR")]
    codes: Option<PathBuf>,
    /// How many seconds an access token works.
    #[arg(long, value_name = "SECS", default_value_t = 300)]
    token_life: u64,
    /// What happens to refresh tokens, at all three places; each has its own way otherwise.
    #[arg(long, value_enum)]
    rotation: Option<RotationName>,
    /// How many seconds an old refresh token works on, with `--rotation grace`.
    #[arg(long, value_name = "SECS", default_value_t = 30)]
    grace: u64,
    /// Leave the pictures of the codes out.
    #[arg(long)]
    quiet: bool,
}

#[derive(Clone)]
struct Ports([u16; 3]);

fn parse_ports(text: &str) -> Result<Ports, String> {
    let ports: Result<Vec<u16>, _> = text.split(',').map(|port| port.trim().parse()).collect();
    ports
        .ok()
        .and_then(|ports| ports.try_into().ok())
        .map(Ports)
        .ok_or("three ports with commas between them are needed".to_owned())
}

#[derive(Clone, Copy, ValueEnum)]
enum RotationName {
    None,
    Grace,
    ConfirmOnUse,
    Strict,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            println!("{problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let rotation = arguments.rotation.map(|name| match name {
        RotationName::None => Rotation::None,
        RotationName::Grace => Rotation::Grace(Duration::from_secs(arguments.grace)),
        RotationName::ConfirmOnUse => Rotation::ConfirmOnUse,
        RotationName::Strict => Rotation::Strict,
    });
    let sandbox = Sandbox::start(Options {
        ports: arguments.ports.0,
        token_life: Duration::from_secs(arguments.token_life),
        rotation,
        ..Options::default()
    })
    .await?;
    if let Some(folder) = &arguments.codes {
        write_codes(&sandbox, folder)?;
    }
    for place in sandbox.places() {
        describe_place(place, arguments.quiet)?;
    }
    describe_people(sandbox.places());
    println!("Running. Ctrl-C ends it.");
    tokio::signal::ctrl_c().await?;
    Ok(())
}

fn write_codes(sandbox: &Sandbox, folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder)?;
    for place in sandbox.places() {
        let file = folder.join(format!("{}.png", place.kind.slug()));
        codes::draw_code(&place.invitation())?.save(&file)?;
        println!("The code of {}: {}", place.name, file.display());
    }
    println!();
    Ok(())
}

fn describe_place(place: &Place, quiet: bool) -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", place.name);
    println!("  address  {}", place.fhir_base);
    println!("  client   {}", place.client_id.as_deref().unwrap_or("registers itself"));
    println!("  code     {}", place.invitation());
    if !quiet {
        println!("\n{}", codes::draw_for_terminal(&place.invitation())?);
    }
    println!();
    Ok(())
}

fn describe_people(places: &[Place]) {
    println!("Who can sign in, everywhere:");
    for person in places[0].sign_ins() {
        println!("  {:<8} {:<10} {}", person.username, person.password, person.name);
    }
    println!("\nWho can create an account:");
    for place in places {
        for known in place.newcomers() {
            println!(
                "  {:<13} {:<26} {}  code {}  at {}",
                known.name, known.email, known.birth_date, known.registration_code, place.name
            );
        }
    }
    println!();
}
