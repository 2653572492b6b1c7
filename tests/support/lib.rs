//! Servers, shells and a clock for the journeys.
