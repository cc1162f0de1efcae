/** The use cases. */
@NullMarked
package io.blockroom.application.service;

import org.jspecify.annotations.NullMarked;
