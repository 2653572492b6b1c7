//! What a person does, without a window: the real engine over real HTTP to the sandbox.

#![expect(clippy::unwrap_used, reason = "a step of a journey that fails ends it")]

#[path = "headless/connecting.rs"]
mod connecting;
#[path = "headless/granting.rs"]
mod granting;
#[path = "headless/checking.rs"]
mod checking;
#[path = "headless/acting.rs"]
mod acting;
#[path = "headless/helping.rs"]
mod helping;
#[path = "headless/asking.rs"]
mod asking;
#[path = "headless/staffing.rs"]
mod staffing;
#[path = "headless/employing.rs"]
mod employing;
#[path = "headless/capacity.rs"]
mod capacity;
#[path = "headless/answering.rs"]
mod answering;
#[path = "headless/turns.rs"]
mod turns;
#[path = "headless/leaving.rs"]
mod leaving;
#[path = "headless/terminal.rs"]
mod terminal;
#[path = "headless/table.rs"]
mod table;
#[path = "headless/taking.rs"]
mod taking;
#[path = "headless/returning.rs"]
mod returning;
#[path = "headless/opened.rs"]
mod opened;
#[path = "headless/refused.rs"]
mod refused;
#[path = "headless/discovering.rs"]
mod discovering;
#[path = "headless/choosing.rs"]
mod choosing;
