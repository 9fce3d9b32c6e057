mod set_policy;
