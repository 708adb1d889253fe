/** Definitions in which something crosses a cut: paths, variables, the context object, failures, items of a Map. */
const task = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };

export const crossings: Readonly<Record<string, object>> = {
  "paths around each state": {
    StartAt: "A",
    States: {
      A: {
        ...task,
        InputPath: "$.order",
        Parameters: { "id.$": "$.id", fixed: [1, "x"] },
        ResultPath: "$.a",
        Next: "B",
      },
      B: { ...task, ResultSelector: { "by.$": "$.by" }, ResultPath: "$.b", OutputPath: "$.b", Next: "C" },
      C: { Type: "Pass", Parameters: { "was.$": "$" }, Next: "D" },
      D: { ...task, ResultPath: null, End: true },
    },
  },
  "variables that go in and come back": {
    StartAt: "Set",
    States: {
      Set: { Type: "Pass", Assign: { count: 1, "name.$": "$.name", unread: true }, Next: "A" },
      A: {
        ...task,
        Parameters: { "n.$": "$count" },
        Assign: { count: 2, "kept.$": "$.by" },
        ResultPath: null,
        Next: "B",
      },
      B: { ...task, Parameters: { "n.$": "$count", "name.$": "$name" }, ResultPath: null, Next: "C" },
      C: {
        Type: "Choice",
        Choices: [{ Variable: "$count", NumericEquals: 2, Assign: { chosen: "two" }, Next: "D" }],
        Default: "E",
      },
      D: {
        Type: "Pass",
        Parameters: { "all.$": "States.Format('{} {} {}', $count, $kept, $chosen)" },
        Next: "E",
      },
      E: { ...task, Parameters: { "x.$": "$", "name.$": "$name" }, End: true },
    },
  },
  "variables in JSONata": {
    QueryLanguage: "JSONata",
    StartAt: "Set",
    States: {
      Set: { Type: "Pass", Assign: { total: 0, list: [{ a: 1 }] }, Next: "Each" },
      Each: {
        Type: "Map",
        Items: "{% [1, 2, 3] %}",
        ItemSelector: { n: "{% $states.context.Map.Item.Value %}", of: "{% $list %}" },
        ItemProcessor: {
          StartAt: "One",
          States: {
            One: { ...task, Arguments: "{% {'n': $states.input.n, 'total': $total} %}", Next: "Two" },
            Two: {
              Type: "Pass",
              Output: "{% {'r': $states.input, 'i': $states.context.Map.Item.Index} %}",
              Next: "Three",
            },
            Three: { ...task, Arguments: { name: "{% $states.context.Execution.Name %}" }, End: true },
          },
        },
        Assign: { total: "{% $count($states.result) %}" },
        Next: "Sum",
      },
      Sum: {
        ...task,
        Arguments: { total: "{% $total %}", list: "{% $list %}" },
        Output: "{% $total %}",
        Next: "Last",
      },
      Last: { Type: "Pass", Output: "{% [$states.input, $total, $list] %}", End: true },
    },
  },
  "the context object": {
    StartAt: "A",
    States: {
      A: {
        ...task,
        Parameters: {
          "key.$": "$$.Execution.Name",
          "in.$": "$$.Execution.Input.from",
          "at.$": "$$.State.Name",
        },
        Next: "B",
      },
      B: {
        Type: "Pass",
        Parameters: {
          "s.$": "$$.StateMachine.Name",
          "t.$": "States.Format('{}-{}', $$.Execution.Id, $$.State.Name)",
        },
        Next: "C",
      },
      C: {
        Type: "Choice",
        Choices: [{ Variable: "$$.Execution.Name", StringEquals: "parent-1", Next: "D" }],
        Default: "F",
      },
      D: { ...task, InputPath: "$$.Execution.Input", Next: "E" },
      E: { Type: "Pass", Parameters: { "all.$": "$$.Execution" }, End: true },
      F: { Type: "Fail", Error: "WrongContext" },
    },
  },
  "failures caught around a Parallel": {
    StartAt: "Both",
    States: {
      Both: {
        Type: "Parallel",
        Branches: [
          {
            StartAt: "L1",
            States: {
              L1: { ...task, Next: "L2" },
              L2: { ...task, Retry: [{ ErrorEquals: ["Busy"], MaxAttempts: 2 }], Next: "L3" },
              L3: { ...task, End: true },
            },
          },
        ],
        Retry: [{ ErrorEquals: ["States.Timeout"], MaxAttempts: 1 }],
        Catch: [
          { ErrorEquals: ["Known"], ResultPath: "$.known", Next: "Mend" },
          { ErrorEquals: ["States.ALL"], Next: "Other" },
        ],
        ResultPath: "$.both",
        Next: "After",
      },
      Mend: {
        ...task,
        Catch: [{ ErrorEquals: ["Known", "Nobody.Knows"], ResultPath: "$.again", Next: "Other" }],
        Next: "After",
      },
      Other: { Type: "Pass", Parameters: { "error.$": "$.Error", "cause.$": "$.Cause" }, Next: "Lost" },
      Lost: { Type: "Fail", ErrorPath: "$.error", CausePath: "$.cause" },
      After: { ...task, End: true },
    },
  },
  "failures to shared states that end in failure": {
    StartAt: "A",
    States: {
      A: {
        ...task,
        ResultPath: "$.a",
        Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.e", Next: "Undo" }],
        Next: "B",
      },
      B: {
        ...task,
        ResultPath: "$.b",
        Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.e", Next: "Undo" }],
        Next: "C",
      },
      C: {
        ...task,
        ResultPath: "$.c",
        Catch: [{ ErrorEquals: ["Known"], ResultPath: "$.e", Next: "Tell" }],
        Next: "D",
      },
      D: { ...task, End: true },
      Undo: { ...task, ResultPath: "$.u", Next: "Tell" },
      Tell: { Type: "Fail", Error: "Told", Cause: "all undone" },
    },
  },
  "a loop, and ways that meet again": {
    StartAt: "A",
    States: {
      A: { Type: "Pass", Result: { n: 0, go: "on" }, Next: "Work" },
      Work: { ...task, Parameters: { "n.$": "$.n" }, ResultPath: "$.work", Next: "Count" },
      Count: { Type: "Pass", Parameters: { "n.$": "States.MathAdd($.n, 1)", "go.$": "$.go" }, Next: "More" },
      More: {
        Type: "Choice",
        Choices: [{ Variable: "$.n", NumericLessThan: 3, Next: "Work" }],
        Default: "Which",
      },
      Which: { Type: "Choice", Choices: [{ Variable: "$.go", StringEquals: "on", Next: "X" }], Default: "Y" },
      X: { ...task, Next: "Z" },
      Y: { ...task, Next: "Z" },
      Z: { Type: "Succeed" },
    },
  },
  "items that are no objects": {
    StartAt: "Each",
    States: {
      Each: {
        Type: "Map",
        ItemsPath: "$.list",
        MaxConcurrency: 1,
        ItemProcessor: {
          StartAt: "P",
          States: {
            P: { Type: "Pass", Next: "Q" },
            Q: {
              Type: "Pass",
              Parameters: { "v.$": "$", "i.$": "$$.Map.Item.Index" },
              OutputPath: "$.v",
              Next: "R",
            },
            R: { Type: "Pass", End: true },
          },
        },
        End: true,
      },
    },
  },
};
