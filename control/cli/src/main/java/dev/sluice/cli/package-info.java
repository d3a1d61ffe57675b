/**
 * The operator's commands: clients of the admin API, and nothing else. Start with {@link
 * dev.sluice.cli.SluiceCommands}, which lists them for the launcher.
 */
@NullMarked
package dev.sluice.cli;

import org.jspecify.annotations.NullMarked;
