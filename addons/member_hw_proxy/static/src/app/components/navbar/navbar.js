import { patch } from "@web/core/utils/patch";
import { Navbar } from "@point_of_sale/app/components/navbar/navbar";
import { HardwareStatus } from "@member_hw_proxy/app/components/hardware_status/hardware_status";

patch(Navbar, { components: { ...Navbar.components, HardwareStatus } });
