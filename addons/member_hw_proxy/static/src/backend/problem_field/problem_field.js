import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { describeProblem } from "@member_hw_proxy/core/hw_errors";

/**
 * What is wrong with a device, by the code in the field beside it: in the reader's language,
 * while the agent's own sentence, which is English, is there for who points at it.
 */
export class HwProblemField extends Component {
    static template = "member_hw_proxy.HwProblemField";
    static props = { ...standardFieldProps, codeField: String };

    get message() {
        return this.props.record.data[this.props.name];
    }

    get text() {
        const { message } = this;
        const code = this.props.record.data[this.props.codeField];
        return code || message ? describeProblem({ code, message }) : "";
    }
}

registry.category("fields").add("member_hw_problem", {
    component: HwProblemField,
    supportedTypes: ["char"],
    extractProps: ({ options }) => ({ codeField: options.code_field }),
    fieldDependencies: ({ options }) => [{ name: options.code_field, type: "char" }],
});
