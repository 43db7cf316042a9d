/** Documents of the Elastic Common Schema, as JSON. */
package io.ramtide.correlator.ecs;
