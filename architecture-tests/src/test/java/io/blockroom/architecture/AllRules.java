package io.blockroom.architecture;

/** Every rule there is. */
interface AllRules
    extends LayerRules, TechnologyRules, RedisRules, ShapeRules, NamingRules, SafetyRules {}
