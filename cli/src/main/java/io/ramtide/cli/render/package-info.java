/** Records as JSON Lines and as text. */
package io.ramtide.cli.render;
