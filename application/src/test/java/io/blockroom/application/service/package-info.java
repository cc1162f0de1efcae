/** The use cases, told as stories on in-memory ports. */
@NullMarked
package io.blockroom.application.service;

import org.jspecify.annotations.NullMarked;
