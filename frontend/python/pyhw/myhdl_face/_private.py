"""MyHDL's private modules, as far as designs and its own tests import from them.

`MODULES` says for each, by the name that MyHDL gives an object, where pyhw keeps it: `module` for
the same name, or `module:name`.
"""

from __future__ import annotations

MODULES: dict[str, dict[str, str]] = {
    "_Cosimulation": {"Cosimulation": "_cosimulation", "CosimulationError": "_errors"},
    "_Signal": {
        "Constant": "_signal",
        "Signal": "_signal",
        "SignalType": "_signal",
        "_Signal": "_signal:Signal",
        "negedge": "_signal",
        "posedge": "_signal",
    },
    "_ShadowSignal": {
        "BusContentionWarning": "_errors",
        "ConcatSignal": "_shadow",
        "TristateSignal": "_shadow",
        "_ShadowSignal": "_shadow:ShadowSignal",
        "_SliceSignal": "_shadow:SliceSignal",
        "_TristateDriver": "_shadow",
        "_TristateSignal": "_shadow",
    },
    "_Simulation": {
        "Simulation": "_simulation",
        "SimulationError": "_errors",
        "StopSimulation": "_errors",
        "_SuspendSimulation": "_errors:SuspendSimulation",
        "_error": "_simulation",
    },
    "_Waiter": {
        "_DelayWaiter": "myhdl_face._stand_ins",
        "_EdgeTupleWaiter": "myhdl_face._stand_ins",
        "_EdgeWaiter": "myhdl_face._stand_ins",
        "_SignalTupleWaiter": "myhdl_face._stand_ins",
        "_SignalWaiter": "myhdl_face._stand_ins",
        "_Waiter": "myhdl_face._stand_ins",
        "_inferWaiter": "myhdl_face._stand_ins",
    },
    "_always": {"AlwaysError": "_errors", "_error": "_process:_always_error", "always": "_process"},
    "_always_comb": {
        "AlwaysCombError": "_errors",
        "_error": "_process:_always_comb_error",
        "always_comb": "_process",
    },
    "_always_seq": {
        "AlwaysSeqError": "_errors:AlwaysError",
        "ResetSignal": "_signal",
        "_error": "_process:_always_seq_error",
        "always_seq": "_process",
    },
    "_bin": {"bin": "_bits"},
    "_block": {
        "BlockError": "_errors",
        "BlockInstanceError": "_errors",
        "_Block": "_block:Block",
        "_error": "_block",
        "block": "_block",
    },
    "_concat": {"concat": "_shadow"},
    "_delay": {"delay": "_process"},
    "_enum": {"EnumItemType": "_enum", "EnumType": "_enum", "enum": "_enum"},
    "_extractHierarchy": {"ExtractHierarchyError": "_errors"},
    "_hdlclass": {"HdlClass": "_hdlclass"},
    "_instance": {
        "InstanceError": "_errors",
        "_Instantiator": "_process:Process",
        "_error": "_process:_instance_error",
        "instance": "_process",
    },
    "_intbv": {"intbv": "_intbv"},
    "_join": {"join": "_process"},
    "_misc": {"_isGenSeq": "_functions:is_instance", "downrange": "_functions", "instances": "_functions"},
    "_modbv": {"modbv": "_intbv"},
    "_openport": {"OpenPort": "_signal"},
    "_simulator": {
        "_siglist": "_signal:_touched",
        "_tf": "myhdl_face._stand_ins",
        "_tracing": "myhdl_face._stand_ins",
        "now": "_time",
    },
    "_traceSignals": {"TraceSignalsError": "_errors", "_error": "_trace", "traceSignals": "_trace"},
    "_tristate": {"BusContentionWarning": "_errors", "Tristate": "_shadow"},
    "_util": {"_flatten": "_functions:flatten"},
    "conversion._misc": {"_error": "myhdl_face._kinds"},
    "conversion._toVHDL": {"toVHDL": "_convert"},
    "conversion._toVerilog": {"toVerilog": "_convert"},
    "conversion._verify": {
        "_simulators": "_verify",
        "analyze": "_verify",
        "registerSimulator": "_verify",
        "verify": "_verify",
    },
}
