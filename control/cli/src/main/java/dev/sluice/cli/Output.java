package dev.sluice.cli;

/** How results are written: for people, or for programs. */
enum Output {
    text,
    json
}
