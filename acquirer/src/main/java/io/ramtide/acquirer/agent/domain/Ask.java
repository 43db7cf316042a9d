package io.ramtide.acquirer.agent.domain;

import io.ramtide.acquirer.agent.command.Reply;
import java.util.function.Consumer;

/**
 * A command for a complete capture of one domain.
 *
 * @param command its id
 * @param expiresAt microseconds since 1970 UTC
 * @param reply hears what became of it, once
 */
public record Ask(String command, long expiresAt, Consumer<Reply> reply) {}
